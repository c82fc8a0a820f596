using System.ComponentModel.DataAnnotations;
using TorchSharp.Modules;

namespace Ctc.Experiments.Optimizers;

/// <summary>The options of <c>sgd</c>.</summary>
public sealed record SgdOptions : IValidatableObject
{
    /// <summary>Gets the weight decay, which is added to the gradient.</summary>
    /// <value>0 or more; the default is 0, no decay.</value>
    [Range(0.0, double.MaxValue)]
    public double WeightDecay { get; init; }

    /// <summary>Gets the momentum.</summary>
    /// <value>0 or more and less than 1; the default is 0, no momentum.</value>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Momentum { get; init; }

    /// <summary>Gets whether the momentum is Nesterov's.</summary>
    /// <value>The default is false.</value>
    public bool Nesterov { get; init; }

    /// <summary>Refuses Nesterov's momentum without momentum.</summary>
    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Nesterov && Momentum == 0) yield return new ValidationResult("nesterov is true and momentum is 0; expected momentum", [nameof(Nesterov)]);
    }
}

/// <summary>Stochastic gradient descent.</summary>
[Part("sgd", typeof(SgdOptions), Summary = "Stochastic gradient descent, with or without momentum.")]
internal sealed class Sgd(SgdOptions options) : IOptimizer
{
    /// <inheritdoc/>
    public OptimizerHelper Build(IReadOnlyList<Parameter> parameters, double learningRate) => torch.optim.SGD(
        parameters, learningRate, momentum: options.Momentum, weight_decay: options.WeightDecay, nesterov: options.Nesterov);
}
