using Ctc.Experiments.Training;

namespace Ctc.Comparisons.Reports;

/// <summary>The content of the report of a sweep.</summary>
/// <param name="Sweep">The results of the sweep.</param>
/// <param name="Comparisons">The metrics that at least one run has a value of; the first is the one that counts most.</param>
/// <param name="Keys">The differences between the configurations of the variants.</param>
internal sealed record Report(SweepResults Sweep, IReadOnlyList<Comparison> Comparisons, DifferingKeys Keys)
{
    /// <summary>Gets what the seeds can show of the first metric, for each variant whose differences have a spread.</summary>
    public IReadOnlyList<SeedPower> Powers { get; } = Comparisons.Count == 0 ? [] : SeedPower.Measure(Comparisons[0]);

    public static Report FromResults(SweepResults sweep)
    {
        Comparison[] comparisons = [];
        if (sweep.AnyTest is { } test)
        {
            IReadOnlyList<Metric> metrics = Metrics.CreateFor(
                test.Measurement, sweep.Runs.Select(run => run.Test?.Measurement).OfType<Measurement>());
            IEnumerable<Comparison> all = metrics.Select(metric => Comparison.Measure(sweep, metric));
            comparisons = [.. all.Where(comparison => comparison.Rows.Any(row => row.Mean is not null))];
        }

        return new Report(sweep, comparisons, DifferingKeys.FromResults(sweep));
    }
}
