namespace Ctc.Comparisons.Reports;

/// <summary>A cost of one variant: the time of a training step, or memory.</summary>
/// <param name="Variant">The runs of the variant.</param>
/// <param name="Mean">The mean over its finished runs; NaN if no run measured it.</param>
/// <param name="Relative">The mean over the seeds of the ratio to the baseline's run of the same seed; NaN if there is none.</param>
internal sealed record Cost(VariantRuns Variant, double Mean, double Relative)
{
    /// <summary>The time of a step in seconds, of a run the median over its epochs; none if no run has times.</summary>
    public static IReadOnlyList<Cost> StepSeconds(SweepResults sweep) => Measure(sweep, run =>
    {
        double[] times = [.. run.Epochs.Select(epoch => epoch.StepSeconds).Where(time => time > 0).Order()];
        return times.Length == 0 ? null : (times[(times.Length - 1) / 2] + times[times.Length / 2]) / 2;
    });

    /// <summary>The largest memory of a run's process in MB; none if no run has it.</summary>
    public static IReadOnlyList<Cost> PeakMemoryMb(SweepResults sweep) => Measure(sweep, run => run.Test!.Measurement.PeakMemoryMb);

    private static IReadOnlyList<Cost> Measure(SweepResults sweep, Func<ComparedRun, double?> measure)
    {
        Dictionary<VariantRuns, Dictionary<long, double>> costs =
            sweep.Variants.ToDictionary(variant => variant, variant => BySeed(variant, measure));
        if (costs.Values.All(seeds => seeds.Count == 0)) return [];
        double Relative(VariantRuns variant) => variant.Variant == sweep.Baseline ? 1
            : sweep.BaselineOf(variant) is { } baseline ? Ratio(costs[variant], costs[baseline])
            : double.NaN;
        double Mean(VariantRuns variant) => costs[variant].Values.DefaultIfEmpty(double.NaN).Average();
        return [.. sweep.Variants.Select(variant => new Cost(variant, Mean(variant), Relative(variant)))];
    }

    private static double Ratio(Dictionary<long, double> variant, Dictionary<long, double> baseline) => variant.Keys
        .Where(baseline.ContainsKey)
        .Select(seed => variant[seed] / baseline[seed])
        .DefaultIfEmpty(double.NaN)
        .Average();

    private static Dictionary<long, double> BySeed(VariantRuns variant, Func<ComparedRun, double?> measure) => variant.Done
        .Select(run => (run.Planned.Seed, Cost: measure(run)))
        .Where(run => run.Cost is > 0)
        .ToDictionary(run => run.Seed, run => run.Cost!.Value);
}
