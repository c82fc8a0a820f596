namespace Ctc.Comparisons.Statistics;

/// <summary>Corrects p-values for their number.</summary>
public static class Holm
{
    /// <summary>
    /// The smallest level of the whole family at which each hypothesis would be rejected. Whatever the hypotheses have to do with
    /// each other: to reject where this is below 0.05 is to reject any true one with a probability below 0.05.
    /// </summary>
    /// <param name="p">The p-value of each hypothesis; null if there was no test, which counts as 1.</param>
    /// <returns>In the same order, at least as large; null if there was no test.</returns>
    /// <remarks>
    /// O(m log m). Source: Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6, 1979.
    /// </remarks>
    /// <example>0.01 and 0.04 become 0.02 and 0.04; 0.03 and 0.04 become 0.06 and 0.06.</example>
    public static double?[] Correct(params IReadOnlyList<double?> p)
    {
        ArgumentNullException.ThrowIfNull(p);
        var corrected = new double?[p.Count];
        double largest = 0;
        int left = p.Count;
        foreach (int i in Enumerable.Range(0, p.Count).Where(i => p[i] is not null).OrderBy(i => p[i]))
        {
            largest = Math.Max(largest, Math.Min(1, left-- * p[i]!.Value));
            corrected[i] = largest;
        }

        return corrected;
    }
}
