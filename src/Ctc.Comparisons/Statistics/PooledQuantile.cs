namespace Ctc.Comparisons.Statistics;

/// <summary>A quantile of the values of all units together, interpolated between the two nearest.</summary>
public sealed class PooledQuantile
{
    private readonly double share;
    private readonly (double Value, int Unit, int Times)[] sorted; // a value that a unit has several times is there once
    private readonly int[] sizes; // the number of values of each unit

    /// <summary>Sorts the values once.</summary>
    /// <param name="units">The finite values of each unit, any number.</param>
    /// <param name="share">From 0, the smallest value, by 0.5, the median, to 1, the largest.</param>
    public PooledQuantile(IEnumerable<IEnumerable<double>> units, double share)
    {
        this.share = share;
        double[][] values = [.. units.Select(unit => unit.ToArray())];
        sizes = [.. values.Select(unit => unit.Length)];
        sorted =
        [
            .. values.SelectMany((unit, number) => unit.CountBy(value => value).Select(same => (same.Key, number, same.Value)))
                .OrderBy(same => same.Key),
        ];
    }

    /// <summary>Computes the quantile.</summary>
    /// <param name="counts">The weight of each unit: 0 or more.</param>
    /// <returns>The quantile; NaN if no unit with a count has a value.</returns>
    public double Compute(int[] counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        long total = 0;
        for (int unit = 0; unit < sizes.Length; unit++) total += (long)counts[unit] * sizes[unit];
        if (total == 0) return double.NaN;

        double place = share * (total - 1);
        long below = (long)place, passed = 0;
        double lower = double.NaN;
        foreach ((double value, int unit, int times) in sorted)
        {
            passed += (long)counts[unit] * times;
            if (double.IsNaN(lower) && passed > below) lower = value;
            if (passed > below + 1) return double.Lerp(lower, value, place - below);
        }

        return lower; // It is the largest value, and there is none above.
    }
}
