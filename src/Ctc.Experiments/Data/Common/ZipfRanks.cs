
namespace Ctc.Experiments.Data.Common;

/// <summary>Ranks that are drawn by Zipf's law: the rank r, from 1, with a probability in proportion to r^−exponent.</summary>
/// <remarks>Source: Zipf, Human Behavior and the Principle of Least Effort, 1949.</remarks>
internal sealed class ZipfRanks
{
    private readonly double[] upTo; // the sum of the weights of all ranks up to this one

    /// <param name="count">The number of ranks, 1 or more.</param>
    /// <param name="exponent">0 or more; at 0 all ranks are equally likely.</param>
    public ZipfRanks(int count, double exponent)
    {
        upTo = new double[count];
        double sum = 0;
        for (int i = 0; i < count; i++) upTo[i] = sum += Math.Pow(i + 1, -exponent);
    }

    /// <summary>Draws a rank, counted from 0.</summary>
    public int Next(SplitMix64 random)
    {
        double drawn = random.Unit() * upTo[^1];
        int found = Array.BinarySearch(upTo, drawn);
        int next = found < 0 ? ~found : found + 1; // A sum belongs to the next rank.
        return Math.Min(next, upTo.Length - 1); // Rounded up, the product may reach the last sum.
    }
}
