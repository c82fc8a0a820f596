namespace Ctc;

/// <summary>Extension point: changes the target of each frame, for example label smoothing and re-weighting. Runs without gradient.</summary>
public interface ITargetTransform : IPart
{
    /// <summary>Transforms the targets of the frames.</summary>
    /// <param name="targets">The occupancy with weight 1, or the result of the transform before this one.</param>
    /// <param name="evaluation">The whole batch.</param>
    /// <returns>New shares and weights. The engine sets both to 0 in padding and in infeasible utterances.</returns>
    FrameTargets Transform(FrameTargets targets, Evaluation evaluation);
}
