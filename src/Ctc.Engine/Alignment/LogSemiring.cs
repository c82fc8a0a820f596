namespace Ctc.Engine.Alignment;

/// <summary>Sums of probabilities given as logarithms, where the sum of nothing but −∞ is −∞ with gradient 0.</summary>
/// <remarks>
/// torch's logsumexp and softmax turn a column of −∞ into NaN in the backward pass or at once. Such columns are common here (a state that
/// no path has reached yet), so they are replaced before the operation and put back after it; any order of derivative stays finite.
/// </remarks>
internal static class LogSemiring
{
    private static readonly Scalar Zero = 0.0;
    private static readonly Scalar NegativeInfinity = double.NegativeInfinity;

    /// <summary>ln Σ exp over one dimension.</summary>
    public static Tensor Sum(Tensor x, long dimension)
    {
        Tensor dead = Dead(x, dimension);
        return x.masked_fill(dead, Zero).logsumexp(dimension, keepdim: true).masked_fill(dead, NegativeInfinity).squeeze(dimension);
    }

    /// <summary>The share of each term in that sum; 0 for all where the sum is 0.</summary>
    public static Tensor Shares(Tensor x, long dimension)
    {
        Tensor dead = Dead(x, dimension);
        return x.masked_fill(dead, Zero).softmax(dimension).masked_fill(dead, Zero);
    }

    private static Tensor Dead(Tensor x, long dimension) => x.isneginf().all(dimension, keepdim: true);
}
