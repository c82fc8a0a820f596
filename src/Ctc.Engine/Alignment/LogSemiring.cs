namespace Ctc.Engine.Alignment;

/// <summary>Sums of probabilities given as logarithms, where the sum of nothing but −∞ is −∞ with gradient 0.</summary>
/// <remarks>
/// torch's logsumexp and softmax turn a column of −∞ into NaN in the backward pass or at once. Such columns are common here (a state that
/// no path has reached yet), so they are replaced before the operation and put back after it; any order of derivative stays finite.
/// </remarks>
internal static class LogSemiring
{
    private static readonly Scalar Zero = 0.0;
    private static readonly Scalar One = 1.0;
    private static readonly Scalar NegativeInfinity = double.NegativeInfinity;

    /// <summary>ln Σ exp over one dimension.</summary>
    /// <remarks>
    /// Written out, because torch's own would have to be guarded by two more passes over the terms. The largest term is a constant to the
    /// gradient: any constant gives the same value and derivatives.
    /// </remarks>
    public static Tensor Sum(Tensor x, long dimension)
    {
        Tensor largest = x.detach().amax([dimension]);
        Tensor dead = largest.isneginf();
        Tensor shift = largest.masked_fill(dead, Zero);
        Tensor sum = (x - shift.unsqueeze(dimension)).exp().sum(dimension);
        return (sum.masked_fill(dead, One).log() + shift).masked_fill(dead, NegativeInfinity);
    }

    /// <summary>The share of each term in that sum; 0 for all where the sum is 0.</summary>
    public static Tensor Shares(Tensor x, long dimension)
    {
        Tensor dead = Dead(x, dimension);
        return x.masked_fill(dead, Zero).softmax(dimension).masked_fill(dead, Zero);
    }

    private static Tensor Dead(Tensor x, long dimension) => x.isneginf().all(dimension, keepdim: true);
}
