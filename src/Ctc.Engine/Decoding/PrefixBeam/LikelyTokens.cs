namespace Ctc.Engine.Decoding.PrefixBeam;

/// <summary>The tokens of a frame by which prefixes are extended, the likeliest first.</summary>
/// <param name="tokens">V.</param>
/// <param name="blank">The blank, which extends no prefix; negative if there is none.</param>
/// <param name="most">The number of tokens at most; null for all.</param>
internal sealed class LikelyTokens(int tokens, int blank, int? most)
{
    private const int Few = 40; // up to which insertion sort is faster

    private readonly int[] order = new int[tokens];
    private readonly double[] keys = new double[tokens];

    /// <summary>Chooses the tokens whose score is at least a bound; of equal ones the lower comes first.</summary>
    /// <param name="frame">V scores.</param>
    /// <param name="least">The bound.</param>
    /// <returns>Valid until the next frame.</returns>
    public ReadOnlySpan<int> Choose(ReadOnlySpan<double> frame, double least)
    {
        int chosen = 0;
        for (int v = 0; v < frame.Length; v++)
        {
            if (v == blank || !(frame[v] >= least) || frame[v] == double.NegativeInfinity) continue;
            (order[chosen], keys[chosen]) = (v, -frame[v]);
            chosen++;
        }

        if (chosen > Few) Array.Sort(keys, order, 0, chosen);
        else InsertionSort(chosen);
        return order.AsSpan(0, Math.Min(chosen, most ?? chosen));
    }

    private void InsertionSort(int length)
    {
        for (int i = 1; i < length; i++)
        {
            (double key, int token) = (keys[i], order[i]);
            int at = i;
            for (; at > 0 && keys[at - 1] > key; at--) (keys[at], order[at]) = (keys[at - 1], order[at - 1]);
            (keys[at], order[at]) = (key, token);
        }
    }
}
