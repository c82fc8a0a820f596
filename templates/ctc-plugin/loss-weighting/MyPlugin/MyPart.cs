using System.ComponentModel.DataAnnotations;
using Ctc;

namespace MyNamespace;

/// <summary>Options of <c>my-part</c>.</summary>
public sealed record MyPartOptions
{
    /// <summary>Gets how soon the loss of an utterance stops counting: none counts as more than 1 / saturation.</summary>
    /// <value>Per nat, 0 to 1; the default is 0.02. 0 is plain CTC.</value>
    [Range(0.0, 1.0)]
    public Schedule Saturation { get; init; } = 0.02;
}

/// <summary>Keeps utterances that the model cannot read, as under a wrong transcript, from outweighing all others.</summary>
[Part("my-part", typeof(MyPartOptions),
    Summary = "Bounds what one utterance can cost.",
    Formula = "w = 1 / (1 + saturation · L)",
    Neutral = "saturation: 0")]
internal sealed class MyPart(MyPartOptions options) : ILossWeighting
{
    public Tensor Weigh(Evaluation evaluation)
    {
        double saturation = options.Saturation.At(evaluation.Batch.Progress);
        return 1 / (1 + (saturation * evaluation.Loss.clamp_min(0))); // [B]; some topologies have losses below 0
    }
}
