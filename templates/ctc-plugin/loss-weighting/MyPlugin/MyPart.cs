using System.ComponentModel.DataAnnotations;
using Ctc;

namespace MyNamespace;

/// <summary>Options of <c>my-part</c>.</summary>
public sealed record MyPartOptions
{
    /// <summary>Gets the rate of saturation: the weighted loss of an utterance is below 1 / saturation.</summary>
    /// <value>Per nat, 0 to 1; the default is 0.02. 0 is plain CTC.</value>
    [Range(0.0, 1.0)]
    public Schedule Saturation { get; init; } = 0.02;
}

/// <summary>Limits the influence of utterances with a very high loss, such as those with a wrong transcript.</summary>
[Part("my-part", typeof(MyPartOptions),
    Summary = "Bounds the weighted loss of each utterance.",
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
