using System.ComponentModel.DataAnnotations;
using Ctc;

namespace MyNamespace;

/// <summary>Options of <c>my-part</c>.</summary>
public sealed record MyPartOptions
{
    /// <summary>Gets the exponent of the shares of a frame.</summary>
    /// <value>Unitless, above 0, to 10; the default is 1.5. 1 is plain CTC, more is sharper, less is flatter.</value>
    [Range(0.0, 10.0, MinimumIsExclusive = true)]
    public Schedule Power { get; init; } = 1.5;
}

/// <summary>Trains each frame towards a sharper occupancy, so that the gradient with respect to the logits is p − γ'.</summary>
[Part("my-part", typeof(MyPartOptions),
    Summary = "Raises the occupancy to a power, frame by frame.",
    Formula = "γ'_v = γ_v^power / Σ_u γ_u^power",
    Neutral = "power: 1")]
internal sealed class MyPart(MyPartOptions options) : ITargetTransform
{
    public FrameTargets Transform(FrameTargets targets, Evaluation evaluation)
    {
        Tensor raised = targets.Shares.pow(options.Power.At(evaluation.Batch.Progress)); // [T, B, V]
        Tensor sums = raised.sum([2], keepdim: true);
        return targets.WithShares(raised / sums.masked_fill(sums == 0, 1)); // padding has no shares
    }
}
