using System.ComponentModel.DataAnnotations;
using Ctc;

namespace LabelSmoothing;

/// <summary>Options of <c>label-smoothing</c>.</summary>
public sealed record LabelSmoothingOptions
{
    /// <summary>Gets the share of every frame that is spread evenly over all tokens, the blank included.</summary>
    /// <value>Unitless, 0 to 1; the default is 0.05. 0 is plain CTC.</value>
    [Range(0.0, 1.0)]
    public Schedule Epsilon { get; init; } = 0.05;
}

/// <summary>Trains each frame towards γ' = (1 − ε)γ + ε/V, so that the gradient with respect to the logits is p − γ'.</summary>
[Part(
    "label-smoothing",
    typeof(LabelSmoothingOptions),
    Summary = "Spreads a share of every frame's target evenly over all tokens.",
    Formula = "γ' = (1 − ε)γ + ε/V",
    Paper = "Szegedy et al., Rethinking the Inception Architecture, CVPR 2016; on CTC's occupancy after Kantorov's primer",
    Neutral = "epsilon: 0")]
internal sealed class LabelSmoothing(LabelSmoothingOptions options) : ITargetTransform
{
    private static readonly Scalar One = 1;

    public FrameTargets Transform(FrameTargets targets, Evaluation evaluation)
    {
        double epsilon = options.Epsilon.At(evaluation.Batch.Progress);
        using Scalar kept = 1 - epsilon, added = epsilon / evaluation.Batch.Tokens;
        return targets.WithShares((targets.Shares * kept).add(added, One));
    }
}
