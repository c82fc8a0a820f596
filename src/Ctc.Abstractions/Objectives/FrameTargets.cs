namespace Ctc;

/// <summary>The target of each frame: a distribution over tokens, and a weight.</summary>
/// <param name="shares">[T, B, V] γ': the target share of each token in each frame. In plain CTC the occupancy γ.</param>
/// <param name="weights">[T, B] ω: the weight of each frame. In plain CTC 1 in each valid frame.</param>
public sealed class FrameTargets(Tensor shares, Tensor weights)
{
    /// <summary>Gets [T, B, V] γ', the target share of each token in each frame.</summary>
    public Tensor Shares { get; } = shares;

    /// <summary>Gets [T, B] ω, the weight of each frame.</summary>
    public Tensor Weights { get; } = weights;

    /// <summary>The same weights with other shares.</summary>
    /// <param name="shares">[T, B, V].</param>
    /// <returns>New targets; these are unchanged.</returns>
    public FrameTargets WithShares(Tensor shares) => new(shares, Weights);

    /// <summary>The same shares with other weights.</summary>
    /// <param name="weights">[T, B].</param>
    /// <returns>New targets; these are unchanged.</returns>
    public FrameTargets WithWeights(Tensor weights) => new(Shares, weights);
}
