using Ctc.Comparisons.Statistics;

namespace Ctc.Comparisons.Reports;

/// <summary>All variants of a sweep by one metric.</summary>
/// <param name="Metric">The metric of the comparison.</param>
/// <param name="Rows">In the order of the sweep.</param>
internal sealed record Comparison(Metric Metric, IReadOnlyList<VariantResult> Rows)
{
    /// <summary>Compares; p-values are corrected for the number of variants that the sweep compares with its baseline, finished or not.</summary>
    public static Comparison Measure(SweepResults sweep, Metric metric)
    {
        Dictionary<VariantRuns, SeedValues> values = sweep.Variants.ToDictionary(variant => variant, variant => SeedValues.Measure(variant, metric));
        Dictionary<VariantRuns, SeedPairs> pairs = sweep.Variants
            .Where(variant => variant.Variant != sweep.Baseline)
            .ToDictionary(
                variant => variant, variant => SeedPairs.Create(values[variant], sweep.BaselineOf(variant) is { } to ? values[to] : null, metric));
        var resampled = new ResampledMeans(
            metric,
            [.. values.Values.Select(seeds => seeds.Tests), .. pairs.Values.SelectMany(pair => new[] { pair.Variant, pair.Baseline })]);

        VariantRuns[] compared = [.. pairs.Keys];
        double?[] corrected = Holm.Correct([.. compared.Select(variant => pairs[variant].Difference?.P)]);
        double?[] spreads = Holm.Correct([.. compared.Select(variant => pairs[variant].Spread?.P)]);
        return new Comparison(metric, [.. sweep.Variants.Select(variant =>
        {
            SeedValues seeds = values[variant];
            var row = new VariantResult(variant, seeds.Mean, resampled.Mean(seeds.Tests));
            if (!pairs.TryGetValue(variant, out SeedPairs? pair)) return row;
            if (pair.Difference is not { } paired) return row with { Obstacle = pair.Obstacle };
            int at = Array.IndexOf(compared, variant);
            Interval? onTestSet = resampled.Difference(pair.Variant, pair.Baseline);
            return row with
            {
                Difference = new BaselineDifference(sweep.BaselineOf(variant)!, paired, corrected[at], onTestSet, pair.Spread!, spreads[at]),
            };
        })]);
    }
}
