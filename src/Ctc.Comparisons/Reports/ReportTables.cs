using System.Globalization;
using Ctc.Comparisons.Reports.Pages;

namespace Ctc.Comparisons.Reports;

/// <summary>The tables of a report.</summary>
internal static class ReportTables
{
    private const string None = "–";

    /// <summary>The variants by one metric, the verdict beside the name.</summary>
    public static Table Compared(Report report, Comparison comparison)
    {
        Scale scale = comparison.Metric.Scale;
        bool compares = comparison.Rows.Any(row => row.Difference is not null || row.Obstacle is not null);
        return new Table(
            ReportText.Capital(comparison.Metric.Name),
            $"{comparison.Metric.Better switch { < 0 => "Lower", 0 => "Nearer to 0", _ => "Higher" }} is better. ± and ranges are 95 % intervals.",
            [
                ("variant", false), .. compares ? [("in words", false)] : Array.Empty<(string, bool)>(), ("runs", true),
                (Scale.Label("mean over seeds", scale.Unit), true), (Scale.Label("on this test set", scale.Unit), true),
                .. compares
                    ?
                    [
                        (Scale.Label($"minus {report.Sweep.Baseline}", scale.DifferenceUnit), true), ("p", true), ("p after Holm", true),
                        (Scale.Label("on this test set", scale.DifferenceUnit), true),
                    ]
                    : Array.Empty<(string, bool)>(),
            ],
            [.. comparison.Rows.Select(row => (IReadOnlyList<string>)
            [
                row.Variant.Label,
                .. compares ? [Conclusion.Describe(row, comparison.Metric)] : Array.Empty<string>(),
                Runs(row),
                row.Mean is { } mean ? scale.Spread(mean) : None,
                scale.Range(row.OnTestSet),
                .. compares ? Difference(row, scale) : [],
            ])])
        {
            HasVerdict = compares,
        };
    }

    /// <summary>What the seeds of the sweep can show of the first metric.</summary>
    public static Table Seeds(Report report)
    {
        Scale scale = report.Comparisons[0].Metric.Scale;
        return new Table(
            "What so many seeds can show",
            $"Of the {report.Comparisons[0].Metric.Name}, by the paired t-test after Holm, in 80 % of all sweeps, if the differences spread over " +
                "the seeds as they do here. Few seeds estimate that spread poorly.",
            [
                ("variant", false), ("seeds", true), (Scale.Label("difference", scale.DifferenceUnit), true),
                (Scale.Label("smallest difference that is shown", scale.DifferenceUnit), true), ("seeds that would show the difference", true),
            ],
            [.. report.Powers.Select(power => (IReadOnlyList<string>)
            [
                power.Row.Variant.Label,
                $"{power.Row.Difference!.Paired.Sample.Count}",
                scale.Spread(power.Row.Difference.Paired.Sample),
                scale.Figures(power.SmallestShown),
                power.SeedsNeeded?.ToString(CultureInfo.InvariantCulture) ?? "more than 100000",
            ])]);
    }

    /// <summary>The losses of heads at the end of training.</summary>
    public static Table Heads(IReadOnlyList<HeadLoss> losses)
    {
        string[] names = [.. losses.SelectMany(loss => loss.Heads.Keys).Distinct()];
        return new Table(
            "Losses of the heads",
            "In the last epoch of training, the mean over seeds. The losses of heads are without their weights; the training loss has them in it.",
            [("variant", false), ("training loss, nats", true), .. names.Select(name => ($"head {name}, nats", true))],
            [.. losses.Select(loss => (IReadOnlyList<string>)
            [
                loss.Variant.Label, Figures(loss.Whole, "f3"), .. names.Select(name => Figures(loss.Heads.GetValueOrDefault(name, double.NaN), "f3")),
            ])]);
    }

    /// <summary>Time and memory of the variants; null if neither was measured.</summary>
    public static Table? Costs(Report report)
    {
        IReadOnlyList<Cost> times = Cost.StepSeconds(report.Sweep), memory = Cost.PeakMemoryMb(report.Sweep);
        if (times.Count == 0 && memory.Count == 0) return null;
        string relative = $"relative to {report.Sweep.Baseline}";
        return new Table(
            "Cost",
            "Time: training steps alone, without the dev set, the median over the epochs of a run, then the mean over seeds. It depends on the " +
                "machine and on what else runs there; runs in parallel slow each other. Memory: the most that the process of a run had, in MB of " +
                "10⁶ bytes.",
            [
                ("variant", false),
                .. times.Count > 0 ? [("time per step, ms", true), (relative, true)] : Array.Empty<(string, bool)>(),
                .. memory.Count > 0 ? [("memory, MB", true), (relative, true)] : Array.Empty<(string, bool)>(),
            ],
            [.. report.Sweep.Variants.Index().Select(variant => (IReadOnlyList<string>)
            [
                variant.Item.Label,
                .. times.Count > 0 ? Cells(times[variant.Index], 1000, "f2") : [],
                .. memory.Count > 0 ? Cells(memory[variant.Index], 1, "f0") : [],
            ])]);

        static string[] Cells(Cost cost, double factor, string format) =>
            [Figures(factor * cost.Mean, format), Figures(cost.Relative, "f2")];
    }

    /// <summary>The keys of the configuration that are not the same in all variants.</summary>
    public static Table Differing(DifferingKeys keys) => new(
        "What differs",
        "The keys of the configuration that are not the same in all variants; – if there is none." + (keys.Variants.Count > ReportPictures.MostRows
            ? $" Shown are the first {ReportPictures.MostRows} of {keys.Variants.Count} variants."
            : ""),
        [("key", false), .. keys.Variants.Take(ReportPictures.MostRows).Select(variant => (variant.Label, false))],
        [.. keys.Rows.Select(row => (IReadOnlyList<string>)[row.Path, .. row.Values.Take(ReportPictures.MostRows).Select(value => value ?? None)])]);

    /// <summary>A number with a format; – if it is not finite.</summary>
    public static string Figures(double value, string format) => double.IsFinite(value) ? value.ToString(format, CultureInfo.InvariantCulture) : None;

    private static IEnumerable<string> Difference(VariantResult row, Scale scale) =>
    [
        row.Difference is { } difference ? scale.Spread(difference.Paired.Sample) : None,
        Scale.P(row.Difference?.Paired.P),
        Scale.P(row.Difference?.Corrected),
        scale.Range(row.Difference?.OnTestSet),
    ];

    private static string Runs(VariantResult row)
    {
        (int have, int planned) = (row.Mean?.Count ?? 0, row.Variant.Runs.Count);
        return have == planned ? $"{have}" : $"{have} of {planned}";
    }
}
