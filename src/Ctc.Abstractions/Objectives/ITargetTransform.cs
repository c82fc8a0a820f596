namespace Ctc;

/// <summary>Extension point: changes what each frame is trained towards, as label smoothing and re-weighting do. Runs without gradient.</summary>
public interface ITargetTransform : IPart
{
    /// <summary>Turns the frames' targets into others.</summary>
    /// <param name="targets">The occupancy with weight 1, or the result of the transform before this one.</param>
    /// <param name="evaluation">The whole batch.</param>
    /// <returns>New shares and weights. The engine sets both to 0 again in padding and in infeasible utterances.</returns>
    FrameTargets Transform(FrameTargets targets, Evaluation evaluation);
}
