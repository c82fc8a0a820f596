using System.ComponentModel.DataAnnotations;
using TorchSharp.Modules;

namespace Ctc.Experiments.Optimizers;

/// <summary>The options of <c>adam</c> and <c>adamw</c>.</summary>
public sealed record AdamOptions
{
    /// <summary>Gets the weight decay.</summary>
    /// <value>0 or more; the default is 0, no decay.</value>
    [Range(0.0, double.MaxValue)]
    public double WeightDecay { get; init; }

    /// <summary>Gets the decay of the running mean of the gradient.</summary>
    /// <value>0 or more and less than 1; the default is 0.9.</value>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Gets the decay of the running mean of the squared gradient.</summary>
    /// <value>0 or more and less than 1; the default is 0.999.</value>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Gets the number that is added to the root of the mean squared gradient.</summary>
    /// <value>Above 0; the default is 1e-8.</value>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double Epsilon { get; init; } = 1e-8;
}

/// <summary>Adam; weight decay is added to the gradient.</summary>
[Part("adam", typeof(AdamOptions),
    Summary = "Adam. Weight decay is added to the gradient.",
    Paper = "Kingma and Ba, Adam: A Method for Stochastic Optimization, ICLR 2015, arXiv 1412.6980")]
internal sealed class Adam(AdamOptions options) : IOptimizer
{
    /// <inheritdoc/>
    public OptimizerHelper Build(IReadOnlyList<Parameter> parameters, double learningRate) => torch.optim.Adam(
        parameters, learningRate, options.Beta1, options.Beta2, options.Epsilon, options.WeightDecay);
}

/// <summary>Adam with decoupled weight decay.</summary>
[Part("adamw", typeof(AdamOptions),
    Summary = "Adam with decoupled weight decay.",
    Paper = "Loshchilov and Hutter, Decoupled Weight Decay Regularization, ICLR 2019, arXiv 1711.05101")]
internal sealed class AdamW(AdamOptions options) : IOptimizer
{
    /// <inheritdoc/>
    public OptimizerHelper Build(IReadOnlyList<Parameter> parameters, double learningRate) => torch.optim.AdamW(
        parameters, learningRate, options.Beta1, options.Beta2, options.Epsilon, options.WeightDecay);
}
