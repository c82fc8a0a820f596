namespace Ctc.Engine.Recursions.Differentiable;

/// <summary>Sums of probabilities in the logarithmic domain. A sum of terms that are all −∞ is −∞ with gradient 0.</summary>
/// <remarks>
/// torch's logsumexp and softmax give NaN for a column of −∞, in the backward pass or at once. Such columns are common here (a state that
/// no path has reached yet), so they are replaced before the operation and restored after it; derivatives of any order stay finite.
/// </remarks>
internal static class LogSemiring
{
    private static readonly Scalar Zero = 0.0;
    private static readonly Scalar One = 1.0;
    private static readonly Scalar Lowest = -1e30;
    private static readonly Scalar SmallestOfSingle = -87.0;
    private static readonly Scalar SmallestOfDouble = -700.0;

    /// <summary>Computes ln Σ exp over one dimension.</summary>
    /// <remarks>
    /// Not torch's logsumexp, which would need two more passes over the terms to guard it. The largest term is detached: any constant gives the
    /// same value and derivatives. Terms that vanish beside it are raised to the smallest argument for which exp does not underflow, because
    /// underflow makes exp ten times slower. The sum is at least 1, its largest term, unless all are −∞.
    /// </remarks>
    public static Tensor Sum(Tensor x, long dimension)
    {
        Tensor largest = x.detach().amax([dimension]);
        Tensor terms = x - largest.clamp(min: Lowest).unsqueeze(dimension);
        Scalar smallest = x.dtype == torch.float64 ? SmallestOfDouble : SmallestOfSingle;
        return terms.clamp(min: smallest).exp().sum(dimension).clamp(min: One).log().Plus(largest);
    }

    /// <summary>Computes the share of each term in that sum; 0 for all if the sum is 0.</summary>
    public static Tensor Shares(Tensor x, long dimension)
    {
        Tensor dead = Dead(x, dimension);
        return x.masked_fill(dead, Zero).softmax(dimension).masked_fill(dead, Zero);
    }

    private static Tensor Dead(Tensor x, long dimension) => x.isneginf().all(dimension, keepdim: true);
}
