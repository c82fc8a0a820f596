namespace Ctc.Comparisons.Statistics;

/// <summary>A quantile of the values of all units together, interpolated between the two nearest.</summary>
public sealed class PooledQuantile
{
    private readonly double share;
    private readonly (double Value, int Unit)[] sorted;

    /// <summary>Sorts the values once.</summary>
    /// <param name="units">The finite values of each unit, any number.</param>
    /// <param name="share">From 0, the smallest value, by 0.5, the median, to 1, the largest.</param>
    public PooledQuantile(IEnumerable<IEnumerable<double>> units, double share)
    {
        this.share = share;
        sorted = [.. units.SelectMany((values, unit) => values.Select(value => (value, unit))).OrderBy(pair => pair.value)];
    }

    /// <summary>Computes the quantile.</summary>
    /// <param name="counts">The weight of each unit: 0 or more.</param>
    /// <returns>The quantile; NaN if no unit with a count has a value.</returns>
    public double Compute(int[] counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        long total = 0;
        foreach ((_, int unit) in sorted) total += counts[unit];
        if (total == 0) return double.NaN;

        double place = share * (total - 1);
        long below = (long)place, passed = 0;
        double lower = double.NaN;
        foreach ((double value, int unit) in sorted)
        {
            passed += counts[unit];
            if (double.IsNaN(lower) && passed > below) lower = value;
            if (passed > below + 1) return double.Lerp(lower, value, place - below);
        }

        return lower; // It is the largest value, and there is none above.
    }
}
