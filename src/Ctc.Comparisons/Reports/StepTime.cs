namespace Ctc.Comparisons.Reports;

/// <summary>The duration of a training step under one variant.</summary>
/// <param name="Variant">The runs of the variant.</param>
/// <param name="Seconds">The mean over its finished runs of the median over their epochs; NaN if no run measured it.</param>
/// <param name="Relative">The mean over the seeds of the ratio to the baseline's run of the same seed; NaN if there is none.</param>
internal sealed record StepTime(VariantRuns Variant, double Seconds, double Relative)
{
    /// <summary>Measures each variant of a sweep; none if no run has times.</summary>
    public static IReadOnlyList<StepTime> Measure(SweepResults sweep)
    {
        Dictionary<VariantRuns, Dictionary<long, double>> times = sweep.Variants.ToDictionary(variant => variant, BySeed);
        if (times.Values.All(seeds => seeds.Count == 0)) return [];
        double Relative(VariantRuns variant) => variant.Variant == sweep.Baseline ? 1
            : sweep.BaselineOf(variant) is { } baseline ? Ratio(times[variant], times[baseline])
            : double.NaN;
        return
        [
            .. sweep.Variants.Select(
                variant => new StepTime(variant, times[variant].Values.DefaultIfEmpty(double.NaN).Average(), Relative(variant))),
        ];
    }

    private static double Ratio(Dictionary<long, double> variant, Dictionary<long, double> baseline) => variant.Keys
        .Where(baseline.ContainsKey)
        .Select(seed => variant[seed] / baseline[seed])
        .DefaultIfEmpty(double.NaN)
        .Average();

    private static Dictionary<long, double> BySeed(VariantRuns variant) => variant.Done
        .Select(run => (run.Planned.Seed, Times: run.Epochs.Select(epoch => epoch.StepSeconds).Where(time => time > 0).Order().ToArray()))
        .Where(run => run.Times.Length > 0)
        .ToDictionary(run => run.Seed, run => (run.Times[(run.Times.Length - 1) / 2] + run.Times[run.Times.Length / 2]) / 2);
}
