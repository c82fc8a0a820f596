using System.ComponentModel.DataAnnotations;
using TorchSharp.Modules;

namespace Ctc.Experiments.Optimizers;

/// <summary>The options of <c>rmsprop</c>.</summary>
public sealed record RmsPropOptions
{
    /// <summary>Gets the weight decay, which is added to the gradient.</summary>
    /// <value>0 or more; the default is 0, no decay.</value>
    [Range(0.0, double.MaxValue)]
    public double WeightDecay { get; init; }

    /// <summary>Gets the momentum.</summary>
    /// <value>0 or more and less than 1; the default is 0, no momentum.</value>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Momentum { get; init; }

    /// <summary>Gets the decay of the running mean of the squared gradient.</summary>
    /// <value>0 or more and less than 1; the default is 0.99.</value>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Decay { get; init; } = 0.99;
}

/// <summary>RMSprop: the gradient divided by its running root mean square.</summary>
[Part("rmsprop", typeof(RmsPropOptions),
    Summary = "RMSprop: the gradient divided by its running root mean square, with or without momentum.",
    Paper = "Tieleman and Hinton, Lecture 6.5, COURSERA: Neural Networks for Machine Learning, 2012")]
internal sealed class RmsProp(RmsPropOptions options) : IOptimizer
{
    /// <inheritdoc/>
    public OptimizerHelper Build(IReadOnlyList<Parameter> parameters, double learningRate) => torch.optim.RMSProp(
        parameters, learningRate, options.Decay, weight_decay: options.WeightDecay, momentum: options.Momentum);
}
