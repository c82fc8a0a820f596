namespace Ctc;

/// <summary>Extension point: changes what each frame is trained towards, as label smoothing and re-weighting do. Runs without gradient.</summary>
public interface ITargetTransform : IPart
{
    /// <summary>Turns the frames' targets into others.</summary>
    /// <param name="targets">The occupancy with weight 1, or what the transform before this one made of it.</param>
    /// <param name="evaluation">The whole batch.</param>
    /// <returns>New shares and weights. The engine sets both to 0 again in padding and in infeasible utterances.</returns>
    FrameTargets Transform(FrameTargets targets, Evaluation evaluation);
}

/// <summary>What each frame is trained towards.</summary>
/// <param name="Shares">[T, B, V] γ': the wanted share of each token in each frame. Plain CTC wants the occupancy γ.</param>
/// <param name="Weights">[T, B] ω: how much each frame counts. Plain CTC counts each valid frame as 1.</param>
public sealed record FrameTargets(Tensor Shares, Tensor Weights);
