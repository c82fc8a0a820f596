using System.Globalization;
using Ctc.Comparisons.Reports.Pages;
using Ctc.Comparisons.Statistics;
using Ctc.Experiments.Runs;

namespace Ctc.Comparisons.Reports;

/// <summary>The text of a report, block by block.</summary>
internal static class ReportText
{
    public static string Title(Report report) => $"{report.Sweep.Name}: variants compared with {report.Sweep.Baseline}";

    /// <summary>The first metric in words, for each variant; where it shows no difference, the other metrics that show one too.</summary>
    public static IReadOnlyList<(string Variant, string Words)> Words(Report report) => report.Comparisons.Count == 0 ? [] :
    [
        .. report.Comparisons[0].Rows
            .Select((row, at) => (Row: row, At: at))
            .Where(pair => pair.Row.Variant.Variant != report.Sweep.Baseline)
            .Select(pair => (
                pair.Row.Variant.Label,
                Conclusion.Describe(pair.Row, report.Comparisons[0].Metric) + (Conclusion.IsShown(pair.Row) ? "" : Elsewhere(report, pair.At)))),
    ];

    // The differences that other metrics show for the variant in this row.
    private static string Elsewhere(Report report, int row)
    {
        string[] shown =
        [
            .. report.Comparisons.Skip(1)
                .Where(comparison => Conclusion.IsShown(comparison.Rows[row]))
                .Select(comparison => $"{comparison.Metric.Name} {Conclusion.Describe(comparison.Rows[row], comparison.Metric)}"),
        ];
        return shown.Length == 0 ? "" : $"; but {string.Join(", ", shown)}";
    }

    /// <summary>The number of runs in each state.</summary>
    public static string Counts(Report report)
    {
        ComparedRun[] runs = [.. report.Sweep.Runs];
        int Count(RunState status) => runs.Count(run => run.Status == status);
        string text = $"{Number(report.Sweep.Variants.Count, "variant")}, {Number(runs.Length, "run")}: {Count(RunState.Done)} done";
        if (Count(RunState.Failed) > 0) text += $", {Count(RunState.Failed)} failed";
        if (Count(RunState.Unfinished) > 0) text += $", {Count(RunState.Unfinished)} begun and not finished";
        if (Count(RunState.Missing) > 0) text += $", {Count(RunState.Missing)} not begun";
        return text + ".";
    }

    public static IEnumerable<Block> Blocks(Report report)
    {
        var pictures = new ReportPictures(report.Sweep);
        yield return new Paragraph(Counts(report));
        if (report.Comparisons.Count == 0) yield return new Paragraph("No run has a result yet.");
        if (Words(report) is { Count: > 0 } words)
        {
            yield return new Paragraph($"The {report.Comparisons[0].Metric.Name}, compared with {report.Sweep.Baseline}:");
            yield return new Bullets(words);
        }

        foreach (string remark in Remarks(report)) yield return new Paragraph(remark);
        if (report.Keys.Rows.Count > 0)
        {
            yield return new Heading("What differs");
            yield return Table(report.Keys);
        }

        foreach (Comparison comparison in report.Comparisons)
        {
            yield return new Heading(Capital(comparison.Metric.Name));
            yield return Table(report, comparison);
            if (pictures.Forest(comparison) is { } forest) yield return forest;
        }

        if (HeadLoss.Measure(report.Sweep) is { Count: > 0 } heads)
        {
            yield return new Heading("Losses of the heads");
            yield return Table(heads);
        }

        if (StepTime.Measure(report.Sweep) is { Count: > 0 } times)
        {
            yield return new Heading("Time per step");
            yield return Table(report, times);
        }

        foreach (Block block in Section("Training", Band(report) + Topologies(report), pictures.LearningCurves())) yield return block;
        foreach (Block block in Section("Peakiness over training", Band(report), pictures.Peakiness())) yield return block;
        if (pictures.RecallByFrequency() is { } recall)
        {
            yield return new Heading("Recall by frequency");
            yield return recall;
        }

        const string first = "The first one of the test set, as the runs drew it in alignment.png. At most 1.5 MB of these pictures are shown.";
        foreach (Block block in Section("The same utterance under each variant", first, [.. pictures.Alignments()])) yield return block;
        if (report.Sweep.Runs.Any(run => run.Status != RunState.Done))
        {
            yield return new Heading("Runs without a result");
            yield return new Bullets([.. report.Sweep.Runs.Where(run => run.Status != RunState.Done).Select(run => (run.Name, Why(run)))]);
        }

        yield return new Heading("How to read this");
        foreach (string rule in Rules(report)) yield return new Paragraph(rule);
    }

    private static IEnumerable<string> Remarks(Report report)
    {
        BaselineDifference[] differences =
            [.. report.Comparisons.Take(1).SelectMany(comparison => comparison.Rows).Select(row => row.Difference).OfType<BaselineDifference>()];
        if (differences.Length > 0 && differences.All(difference => difference.Paired.Sample.Count == 1))
        {
            yield return "Seeds were not varied: each variant is compared by one run. The effect of another seed is unknown; " +
                "the only intervals are those on this test set.";
        }

        if (report.Sweep.AnyTest is not { } test) yield break;
        string units = test.HasGroups
            ? $"The test set has {Number(test.Utterances.Count, "utterance")} of {Number(test.Units.Count, "group")}; " +
                "the bootstrap draws whole groups."
            : $"The test set has {Number(test.Utterances.Count, "utterance")}; the data name no groups such as speakers, " +
                "and the bootstrap draws utterances one by one.";
        yield return test.Units.Count >= Bootstrap.FewestUnits
            ? units
            : $"{units} That is fewer than {Bootstrap.FewestUnits}, too few for an interval.";

        string[] infeasible =
        [
            .. report.Sweep.Variants
                .Where(variant => variant.Done.Any(run => run.Test!.Measurement.Infeasible.Count > 0))
                .Select(variant => $"{variant.Label} {variant.Done.Max(run => run.Test!.Measurement.Infeasible.Count)}"),
        ];
        if (infeasible.Length > 0)
        {
            yield return $"The loss leaves out utterances that have no alignment with their target: {string.Join(", ", infeasible)}.";
        }
    }

    private static Table Table(Report report, Comparison comparison)
    {
        Scale scale = comparison.Metric.Scale;
        bool compares = comparison.Rows.Any(row => row.Difference is not null || row.Obstacle is not null);
        List<(string, bool)> columns =
        [
            ("variant", false), ("runs", true), (Scale.Label("mean over seeds", scale.Unit), true),
            (Scale.Label("on this test set", scale.Unit), true),
        ];
        if (compares)
        {
            columns.AddRange([
                (Scale.Label($"minus {report.Sweep.Baseline}", scale.DifferenceUnit), true), ("p", true), ("p after Holm", true),
                (Scale.Label("on this test set", scale.DifferenceUnit), true), ("in words", false)]);
        }

        return new Table(
            Capital(comparison.Metric.Name),
            $"{(comparison.Metric.Better < 0 ? "Lower" : "Higher")} is better. ± and ranges are 95 % intervals.",
            columns,
            [.. comparison.Rows.Select(row => (IReadOnlyList<string>)
            [
                row.Variant.Label,
                Runs(row),
                row.Mean is { } mean ? scale.Spread(mean) : "–",
                scale.Range(row.OnTestSet),
                .. compares ? Cells(row, comparison.Metric) : [],
            ])]);
    }

    private static IEnumerable<string> Cells(VariantResult row, Metric metric) =>
    [
        row.Difference is { } difference ? metric.Scale.Spread(difference.Paired.Sample) : "–",
        Scale.P(row.Difference?.Paired.P),
        Scale.P(row.Difference?.Corrected),
        metric.Scale.Range(row.Difference?.OnTestSet),
        Conclusion.Describe(row, metric),
    ];

    private static string Figures(double value, string format) =>
        double.IsFinite(value) ? value.ToString(format, CultureInfo.InvariantCulture) : "–";

    private static Table Table(IReadOnlyList<HeadLoss> losses)
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

    private static Table Table(Report report, IReadOnlyList<StepTime> times)
    {
        return new Table(
            "Time per step",
            "Training steps alone, without the dev set: the median over the epochs of a run, then the mean over seeds. Times depend on the machine " +
                "and on what else runs there; runs in parallel slow each other.",
            [("variant", false), ("time per step, ms", true), ($"relative to {report.Sweep.Baseline}", true)],
            [.. times.Select(time => (IReadOnlyList<string>)
                [time.Variant.Label, Figures(1000 * time.Seconds, "f2"), Figures(time.Relative, "f2")])]);
    }

    private static Table Table(DifferingKeys keys) => new(
        "What differs",
        "The keys of the configuration that are not the same in all variants; – if there is none." + (keys.Variants.Count > ReportPictures.MostRows
            ? $" Shown are the first {ReportPictures.MostRows} of {keys.Variants.Count} variants."
            : ""),
        [("key", false), .. keys.Variants.Take(ReportPictures.MostRows).Select(variant => (variant.Label, false))],
        [.. keys.Rows.Select(row => (IReadOnlyList<string>)[row.Path, .. row.Values.Take(ReportPictures.MostRows).Select(value => value ?? "–")])]);

    private static IEnumerable<Block> Section(string heading, string caption, params Block[] pictures) =>
        pictures is [] or [Gallery { Pictures.Count: 0 }] ? [] : [new Heading(heading), new Paragraph(caption), .. pictures];

    private static IEnumerable<string> Rules(Report report)
    {
        yield return "Mean over seeds: with Student's 95 % interval. It holds for other seeds, and only for this test set. " +
            $"Minus {report.Sweep.Baseline}: the mean of the differences between runs of the same seed, with that interval; " +
            "p is that of the paired t-test, then corrected by Holm's method for the number of variants, within one metric.";
        yield return $"In words: a difference counts as shown if p after Holm is below {Conclusion.Level.ToString(CultureInfo.InvariantCulture)}. " +
            "No difference shown does not mean that there is none. The correction does not cover the choice among several metrics: " +
            "name the one that counts beforehand.";
        yield return
            $"On this test set: the seeds are fixed, and utterances, or whole groups of them, are drawn {Bootstrap.Resamples} times (bootstrap). " +
            "It holds for these models, and for other utterances of the same kind. These intervals are not corrected for their number.";
    }

    private static string Band(Report report)
    {
        string text = "Lines are means over the seeds of finished runs, bands reach from the smallest to the largest seed.";
        int drawable = report.Sweep.Variants.Count(variant => variant.Done.Count > 0);
        if (drawable > ReportPictures.MostCurves) text += $" Shown are the first {ReportPictures.MostCurves} of {drawable} variants.";
        return text;
    }

    private static string Topologies(Report report) =>
        LossObstacle.Describe([.. report.Sweep.Runs.Where(run => run.Experiment is not null)]) is { Length: > 0 } sentence ? $" {sentence}" : "";

    private static string Why(ComparedRun run) => run.Status switch
    {
        RunState.Failed => $"failed: {run.Cause}",
        RunState.Unfinished => $"begun, and not finished after {Number(run.Epochs.Count, "epoch")}",
        _ => "not begun",
    };

    private static string Runs(VariantResult row)
    {
        (int have, int planned) = (row.Mean?.Count ?? 0, row.Variant.Runs.Count);
        return have == planned ? $"{have}" : $"{have} of {planned}";
    }

    private static string Number(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";

    /// <summary>A text that starts with a capital letter.</summary>
    public static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
