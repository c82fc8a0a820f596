using Ctc.Comparisons.Statistics;

namespace Ctc.Comparisons.Reports;

/// <summary>The values that the finished runs of one variant have by one metric.</summary>
/// <param name="BySeed">The run with its test result, and the finite value, of each seed.</param>
internal sealed record SeedValues(IReadOnlyDictionary<long, (ComparedRun Run, double Value)> BySeed)
{
    /// <summary>Gets the mean over the seeds; null without any.</summary>
    public SampleMean? Mean => BySeed.Count == 0 ? null : SampleMean.FromValues([.. BySeed.Values.Select(seed => seed.Value)]);

    /// <summary>Gets the test results, by seed.</summary>
    public TestResult[] Tests => [.. BySeed.OrderBy(seed => seed.Key).Select(seed => seed.Value.Run.Test!)];

    public static SeedValues Measure(VariantRuns variant, Metric metric) => new(variant.Done
        .Select(run => (Run: run, Value: metric.Measure(run.Test!)))
        .Where(measured => double.IsFinite(measured.Value))
        .ToDictionary(measured => measured.Run.Planned.Seed));
}

/// <summary>The runs of a variant and of its baseline that have their seeds in common.</summary>
/// <param name="Variant">Test results by seed.</param>
/// <param name="Baseline">Those of the same seeds.</param>
internal sealed record SeedPairs(TestResult[] Variant, TestResult[] Baseline)
{
    /// <summary>Gets the difference over the seeds; null if there is an obstacle.</summary>
    public PairedDifference? Difference { get; private init; }

    /// <summary>Gets the spread of both over the seeds; null if there is an obstacle.</summary>
    public PairedSpread? Spread { get; private init; }

    /// <summary>Gets why nothing can be compared.</summary>
    public string? Obstacle { get; private init; }

    public static SeedPairs Create(SeedValues variant, SeedValues? baseline, Metric metric)
    {
        if (baseline is null) return Without("not compared: no single point of the baseline's grid fits");
        if (variant.BySeed.Count == 0) return Without("no result");
        if (baseline.BySeed.Count == 0) return Without("not compared: the baseline has no result");
        long[] seeds = [.. variant.BySeed.Keys.Intersect(baseline.BySeed.Keys).Order()];
        if (seeds.Length == 0) return Without("not compared: there is no seed that the baseline has too");
        var pairs = seeds.Select(seed => (Variant: variant.BySeed[seed], Baseline: baseline.BySeed[seed])).ToArray();
        if (pairs.Any(pair => pair.Variant.Run.Test!.Digest != pair.Baseline.Run.Test!.Digest))
        {
            return Without("not compared: its test set is not that of the baseline");
        }

        if (pairs.Select(pair => metric.Obstacle(pair.Variant.Run, pair.Baseline.Run)).FirstOrDefault(found => found is not null) is { } obstacle)
        {
            return Without($"not compared: {obstacle}");
        }

        (double, double)[] values = [.. pairs.Select(pair => (pair.Variant.Value, pair.Baseline.Value))];
        return new SeedPairs([.. pairs.Select(pair => pair.Variant.Run.Test!)], [.. pairs.Select(pair => pair.Baseline.Run.Test!)])
        {
            Difference = PairedDifference.FromPairs(values), Spread = PairedSpread.FromPairs(values),
        };
    }

    private static SeedPairs Without(string obstacle) => new([], []) { Obstacle = obstacle };
}
