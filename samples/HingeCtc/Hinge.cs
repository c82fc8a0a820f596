using System.ComponentModel.DataAnnotations;
using Ctc;

namespace HingeCtc;

/// <summary>Options of <c>hinge</c>.</summary>
public sealed record HingeOptions
{
    /// <summary>Gets the loss, in nats, below which an utterance is ignored. The default is 0.1; 0 is plain CTC where no loss is negative.</summary>
    [Range(0.0, 100.0)]
    public double Margin { get; init; } = 0.1;
}

[Part("hinge", typeof(HingeOptions), Summary = "Ignores utterances whose loss is below a margin.", Formula = "[L > margin]", Neutral = "margin: 0")]
internal sealed class Hinge(HingeOptions options) : ILossWeighting
{
    public Tensor Weigh(Evaluation evaluation) => (evaluation.Loss > options.Margin).to(evaluation.Loss.dtype);
}
