using System.ComponentModel.DataAnnotations;
using Ctc;
using TorchSharp.Modules;

namespace MyNamespace;

/// <summary>Options of <c>my-part</c>.</summary>
public sealed record MyPartOptions
{
    /// <summary>Gets the decay of the running mean of the gradient.</summary>
    /// <value>0 or more and less than 1; the default is 0.9.</value>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Decay { get; init; } = 0.9;
}

/// <summary>Adam with Nesterov's momentum.</summary>
[Part("my-part", typeof(MyPartOptions), Summary = "Adam with Nesterov's momentum.")]
internal sealed class MyPart(MyPartOptions options) : IOptimizer
{
    public OptimizerHelper Build(IReadOnlyList<Parameter> parameters, double learningRate) =>
        torch.optim.NAdam(parameters, learningRate, beta1: options.Decay);
}
