using Ctc.Comparisons.Statistics;

namespace Ctc.Comparisons.Reports;

/// <summary>
/// What the seeds of a comparison can show: by the paired t-test with the spread that the differences have, at the level of Holm's first step.
/// </summary>
/// <param name="Row">The variant, with its difference.</param>
/// <param name="SmallestShown">The smallest true difference that so many seeds show in 80 % of all sweeps.</param>
/// <param name="SeedsNeeded">The fewest seeds that show the observed difference in 80 % of all sweeps; null if they are more than 100,000.</param>
internal sealed record SeedPower(VariantResult Row, double SmallestShown, int? SeedsNeeded)
{
    /// <summary>Measures each variant whose differences have a spread.</summary>
    /// <param name="comparison">A comparison by one metric.</param>
    public static IReadOnlyList<SeedPower> Measure(Comparison comparison)
    {
        int compared = comparison.Rows.Count(row => row.Difference is not null || row.Obstacle is not null);
        double level = Conclusion.Level / Math.Max(1, compared);
        var smallest = new Dictionary<int, double>();
        double SmallestEffect(int pairs)
        {
            if (!smallest.TryGetValue(pairs, out double effect)) smallest.Add(pairs, effect = PairedTestPower.FindSmallestEffect(pairs, level));
            return effect;
        }

        return
        [
            .. comparison.Rows.Where(row => row.Difference?.Paired.Sample is { Deviation: > 0 }).Select(row =>
            {
                SampleMean sample = row.Difference!.Paired.Sample;
                int? needed = PairedTestPower.FindPairs(sample.Mean / sample.Deviation, level);
                return new SeedPower(row, sample.Deviation * SmallestEffect(sample.Count), needed);
            }),
        ];
    }
}
