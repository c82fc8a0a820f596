using System.ComponentModel.DataAnnotations;
using Ctc;

namespace LengthScaling;

/// <summary>Options of <c>length</c>.</summary>
public sealed record LengthOptions
{
    /// <summary>Gets the length used.</summary>
    /// <value>The default is tokens.</value>
    public Unit By { get; init; } = Unit.Tokens;

    /// <summary>Gets the exponent of the length in the divisor.</summary>
    /// <value>Unitless, 0 to 1; the default is 1, which divides by the length. 0 is plain CTC; 0.5 is in between.</value>
    [Range(0.0, 1.0)]
    public double Power { get; init; } = 1;
}

/// <summary>The unit of a length.</summary>
public enum Unit
{
    /// <summary>The tokens of the target, U.</summary>
    Tokens,

    /// <summary>The frames of the utterance, N.</summary>
    Frames,
}

/// <summary>Weights each utterance by a negative power of its length, so that long utterances do not dominate.</summary>
[Part(
    "length",
    typeof(LengthOptions),
    Summary = "Divides the loss of each utterance by its length, or by a root of it.",
    Formula = "U^{−power}, or N^{−power}",
    Paper = "Paszke et al., PyTorch, NeurIPS 2019, whose ctc_loss divides by U under its reduction mean",
    Neutral = "power: 0")]
internal sealed class Length(LengthOptions options) : ILossWeighting
{
    public Tensor Weigh(Evaluation evaluation) =>
        torch.tensor([.. FindWeights(evaluation.Batch)], evaluation.Loss.dtype, evaluation.Loss.device);

    public IReadOnlyList<double> FindWeights(Batch batch)
    {
        IEnumerable<long> lengths = options.By == Unit.Frames ? batch.Frames : batch.Targets.Select(target => target.LongLength);
        return [.. lengths.Select(length => Math.Pow(Math.Max(length, 1), -options.Power))];
    }
}
