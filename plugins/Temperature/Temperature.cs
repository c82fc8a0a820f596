using System.ComponentModel.DataAnnotations;
using Ctc;

namespace Temperature;

/// <summary>Options of <c>temperature</c>.</summary>
public sealed record TemperatureOptions
{
    /// <summary>Gets the temperature by which the scores are divided.</summary>
    /// <value>Unitless, above 0, to 100; the default is 2. 1 is plain CTC, more is flatter, less is sharper.</value>
    [Range(0.0, 100.0, MinimumIsExclusive = true)]
    public Schedule Tau { get; init; } = 2;
}

/// <summary>Flattens or sharpens the scores that the lattice reads.</summary>
[Part(
    "temperature",
    typeof(TemperatureOptions),
    Summary = "Divides the scores of each frame by a temperature and normalises them again.",
    Formula = "y' = log_softmax(y / τ)",
    Paper = "Hinton, Vinyals and Dean, Distilling the Knowledge in a Neural Network, 2015, arXiv 1503.02531, for the softmax with a temperature",
    Neutral = "tau: 1")]
internal sealed class Temperature(TemperatureOptions options) : IEmissionTransform
{
    // At τ = 1 renormalising would change the last bits.
    public Tensor Transform(Tensor scores, Batch batch)
    {
        double tau = options.Tau.At(batch.Progress);
        using Scalar divisor = tau;
        return tau == 1 ? scores : (scores / divisor).log_softmax(2);
    }
}
