using Ctc.Comparisons.Statistics;

namespace Ctc.Comparisons.Reports;

/// <summary>All variants of a sweep by one metric.</summary>
/// <param name="Metric">What they are compared by.</param>
/// <param name="Rows">In the order of the sweep.</param>
internal sealed record Comparison(Metric Metric, IReadOnlyList<VariantResult> Rows)
{
    /// <summary>Compares; p-values are corrected for the number of variants that the sweep compares with its baseline, finished or not.</summary>
    public static Comparison Measure(SweepResults sweep, Metric metric)
    {
        Dictionary<VariantRuns, SeedValues> values = sweep.Variants.ToDictionary(variant => variant, variant => SeedValues.Measure(variant, metric));
        Dictionary<VariantRuns, SeedPairs> pairs = sweep.Variants
            .Where(variant => variant.Variant != sweep.Baseline)
            .ToDictionary(variant => variant, variant => SeedPairs.Create(values[variant], sweep.BaselineOf(variant) is { } to ? values[to] : null));
        var resampled = new ResampledMeans(
            metric,
            [.. values.Values.Select(seeds => seeds.Tests), .. pairs.Values.SelectMany(pair => new[] { pair.Variant, pair.Baseline })]);

        VariantRuns[] compared = [.. pairs.Keys];
        double?[] corrected = Holm.Correct([.. compared.Select(variant => pairs[variant].Difference?.P)]);
        return new Comparison(metric, [.. sweep.Variants.Select(variant =>
        {
            SeedValues seeds = values[variant];
            var row = new VariantResult(variant, seeds.Mean, resampled.Mean(seeds.Tests));
            if (!pairs.TryGetValue(variant, out SeedPairs? pair)) return row;
            if (pair.Difference is not { } paired) return row with { Obstacle = pair.Obstacle };
            double? p = corrected[Array.IndexOf(compared, variant)];
            return row with { Difference = new Difference(sweep.BaselineOf(variant)!, paired, p, resampled.Difference(pair.Variant, pair.Baseline)) };
        })]);
    }
}

/// <summary>One variant by one metric.</summary>
/// <param name="Variant">Whose runs.</param>
/// <param name="Mean">Over the seeds that have a value; null if none has.</param>
/// <param name="OnTestSet">The interval of the mean with the seeds fixed and the test set resampled.</param>
internal sealed record VariantResult(VariantRuns Variant, SampleMean? Mean, Interval? OnTestSet)
{
    /// <summary>Gets the difference from the baseline; null for the baseline, and if nothing can be compared.</summary>
    public Difference? Difference { get; init; }

    /// <summary>Gets why nothing can be compared, in words.</summary>
    public string? Obstacle { get; init; }
}

/// <summary>How a variant differs from the baseline.</summary>
/// <param name="To">The runs of the baseline.</param>
/// <param name="Paired">Over the seeds that both have.</param>
/// <param name="Corrected">The p-value after Holm; null if there was no test.</param>
/// <param name="OnTestSet">The interval with the seeds fixed and the test set resampled.</param>
internal sealed record Difference(VariantRuns To, PairedDifference Paired, double? Corrected, Interval? OnTestSet);
