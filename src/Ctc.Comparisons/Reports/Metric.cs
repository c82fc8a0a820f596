using Ctc.Comparisons.Statistics;
using Ctc.Experiments.Training;

namespace Ctc.Comparisons.Reports;

/// <summary>A metric by which runs are compared.</summary>
/// <param name="Key">Its name in files.</param>
/// <param name="Name">Its name in words.</param>
/// <param name="Scale">Its unit and number format.</param>
/// <param name="Better">The better direction: −1 down, 1 up, 0 towards 0.</param>
internal abstract record Metric(string Key, string Name, Scale Scale, int Better)
{
    /// <summary>
    /// Gets why the values of two runs on one test set are not values of one quantity, to follow "not compared: "; null if they are.
    /// </summary>
    public Func<ComparedRun, ComparedRun, string?> Obstacle { get; init; } = (_, _) => null;

    /// <summary>Measures one test result; NaN if no utterance contributes to it.</summary>
    public abstract double Measure(TestResult test);

    /// <summary>The mean over runs that read one test set, as a function of how often each unit of it counts.</summary>
    public abstract Func<int[], double> MeanOf(IReadOnlyList<TestResult> tests);
}

/// <summary>A metric that is a ratio of sums, or the mean of several.</summary>
/// <param name="Key">Its name in files.</param>
/// <param name="Name">Its name in words.</param>
/// <param name="Scale">Its unit and number format.</param>
/// <param name="Better">The better direction: −1 down, 1 up, 0 towards 0.</param>
/// <param name="Tallies">The contributions of an utterance; none if it does not contribute.</param>
internal sealed record RatioMetric(string Key, string Name, Scale Scale, int Better, Func<ReadUtterance, IEnumerable<Tally>> Tallies)
    : Metric(Key, Name, Scale, Better)
{
    /// <inheritdoc/>
    public override double Measure(TestResult test) => new MeanOfRatios(test.Utterances.Select(Tallies)).Value;

    /// <inheritdoc/>
    /// <remarks>
    /// The wholes of one test set are the same in all runs, so that the mean of their ratios is the ratio of what they have together.
    /// </remarks>
    public override Func<int[], double> MeanOf(IReadOnlyList<TestResult> tests) =>
        new MeanOfRatios(tests[0].Units.Select(unit => tests.SelectMany(test => unit.SelectMany(at => Tallies(test.Utterances[at]))))).Compute;
}

/// <summary>A metric that experiments name: the ratio of sums that the runs have recorded for each utterance.</summary>
/// <param name="Key">Its key in the results.</param>
/// <param name="Metric">Its name, unit and direction.</param>
internal sealed record ChosenMetric(string Key, MetricValue Metric)
    : Metric(Key, Metric.Name, Scale.FromUnit(Metric.Unit), Metric.HigherIsBetter ? 1 : -1)
{
    /// <inheritdoc/>
    public override double Measure(TestResult test) => MeanOf([test])([.. test.Units.Select(_ => 1)]);

    /// <inheritdoc/>
    /// <remarks>The totals of an utterance may depend on what was read, so that the ratio of each run is computed by itself.</remarks>
    public override Func<int[], double> MeanOf(IReadOnlyList<TestResult> tests)
    {
        MeanOfRatios[] ratios =
            [.. tests.Select(test => new MeanOfRatios(test.Units.Select(unit => unit.SelectMany(at => Tallies(test.Utterances[at].Result)))))];
        return counts => ratios.Average(ratio => ratio.Compute(counts));
    }

    private IEnumerable<Tally> Tallies(UtteranceResult utterance)
    {
        if (utterance.Metrics?.TryGetValue(Key, out MetricRatio ratio) ?? false) yield return new Tally("", ratio.Amount, ratio.Total);
    }
}

/// <summary>A metric that is a quantile of values of which an utterance has several.</summary>
/// <param name="Key">Its name in files.</param>
/// <param name="Name">Its name in words.</param>
/// <param name="Scale">Its unit and number format.</param>
/// <param name="Better">The better direction: −1 down, 1 up, 0 towards 0.</param>
/// <param name="Share">0.5 is the median.</param>
/// <param name="Values">The values of an utterance.</param>
internal sealed record QuantileMetric(string Key, string Name, Scale Scale, int Better, double Share, Func<ReadUtterance, IEnumerable<double>> Values)
    : Metric(Key, Name, Scale, Better)
{
    /// <inheritdoc/>
    public override double Measure(TestResult test) => MeanOf([test])([.. test.Units.Select(_ => 1)]);

    /// <inheritdoc/>
    public override Func<int[], double> MeanOf(IReadOnlyList<TestResult> tests)
    {
        PooledQuantile[] quantiles =
            [.. tests.Select(test => new PooledQuantile(test.Units.Select(unit => unit.SelectMany(at => Values(test.Utterances[at]))), Share))];
        return counts => quantiles.Average(quantile => quantile.Compute(counts));
    }
}
