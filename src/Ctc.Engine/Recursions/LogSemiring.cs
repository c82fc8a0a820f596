namespace Ctc.Engine.Recursions;

/// <summary>Sums of probabilities given as logarithms, where the sum of nothing but −∞ is −∞ with gradient 0.</summary>
/// <remarks>
/// torch's logsumexp and softmax turn a column of −∞ into NaN in the backward pass or at once. Such columns are common here (a state that
/// no path has reached yet), so they are replaced before the operation and put back after it; any order of derivative stays finite.
/// </remarks>
internal static class LogSemiring
{
    private static readonly Scalar Zero = 0.0;
    private static readonly Scalar One = 1.0;
    private static readonly Scalar Lowest = -1e30;
    private static readonly Scalar SmallestOfSingle = -87.0;
    private static readonly Scalar SmallestOfDouble = -700.0;

    /// <summary>ln Σ exp over one dimension.</summary>
    /// <remarks>
    /// Written out, because torch's own would have to be guarded by two more passes over the terms. The largest term is a constant to the
    /// gradient: any constant gives the same value and derivatives. Terms too small to be told from 0 beside it are raised to the smallest
    /// that exp gives without underflow, which would cost it ten times as long. A sum is at least 1, its largest term, unless all are −∞.
    /// </remarks>
    public static Tensor Sum(Tensor x, long dimension)
    {
        Tensor largest = x.detach().amax([dimension]);
        Tensor terms = x - largest.clamp(min: Lowest).unsqueeze(dimension);
        Scalar smallest = x.dtype == torch.float64 ? SmallestOfDouble : SmallestOfSingle;
        return terms.clamp(min: smallest).exp().sum(dimension).clamp(min: One).log() + largest;
    }

    /// <summary>The share of each term in that sum; 0 for all where the sum is 0.</summary>
    public static Tensor Shares(Tensor x, long dimension)
    {
        Tensor dead = Dead(x, dimension);
        return x.masked_fill(dead, Zero).softmax(dimension).masked_fill(dead, Zero);
    }

    private static Tensor Dead(Tensor x, long dimension) => x.isneginf().all(dimension, keepdim: true);
}
