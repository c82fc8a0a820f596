using System.Globalization;
using Ctc.Comparisons.Reports.Pages;
using Ctc.Comparisons.Statistics;
using Ctc.Experiments.Runs;

namespace Ctc.Comparisons.Reports;

/// <summary>The text of a report, block by block.</summary>
internal static class ReportText
{
    private const double LeastSlower = 0.1; // Times of less difference are not worth a word.

    public static string Title(Report report) => $"{report.Sweep.Name}: variants compared with {report.Sweep.Baseline}";

    /// <summary>
    /// The first metric in words, for each variant; then the differences that other metrics show, in the spread over the seeds, and in the time.
    /// </summary>
    public static IReadOnlyList<(string Variant, string Words)> Words(Report report) => report.Comparisons.Count == 0 ? [] :
    [
        .. report.Comparisons[0].Rows.Index()
            .Where(pair => pair.Item.Variant.Variant != report.Sweep.Baseline)
            .Select(pair => (pair.Item.Variant.Label, Words(report, pair.Item, pair.Index))),
    ];

    private static string Words(Report report, VariantResult row, int at)
    {
        Metric metric = report.Comparisons[0].Metric;
        bool isShown = Conclusion.IsShown(row);
        IEnumerable<string> shown = report.Comparisons.Skip(1)
            .Where(comparison => Conclusion.IsShown(comparison.Rows[at]))
            .Select(comparison => $"{comparison.Metric.Name} {Conclusion.Describe(comparison.Rows[at], comparison.Metric)}");
        string[] others = [.. shown, .. Conclusion.DescribeSpread(row, metric) is { } spread ? [spread] : Array.Empty<string>()];
        string words = Conclusion.Describe(row, metric);
        if (!isShown && report.Powers.FirstOrDefault(power => power.Row == row) is { } power)
        {
            string least = $"{metric.Scale.Figures(power.SmallestShown)} {metric.Scale.DifferenceUnit}".TrimEnd();
            words += $" ({Number(row.Difference!.Paired.Sample.Count, "seed")} can show {least})";
        }

        if (others.Length > 0) words += $"; {(isShown ? "also" : "but")} {string.Join(", ", others)}";
        return words + Slower(Cost.StepSeconds(report.Sweep).FirstOrDefault(cost => cost.Variant == row.Variant)?.Relative ?? 1);
    }

    private static string Slower(double relative) => double.IsFinite(relative) && Math.Abs(relative - 1) >= LeastSlower
        ? $"; {relative.ToString("g3", CultureInfo.InvariantCulture)} times the time of a step"
        : "";

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
            yield return ReportTables.Differing(report.Keys);
        }

        foreach (Comparison comparison in report.Comparisons)
        {
            yield return new Heading(Capital(comparison.Metric.Name));
            yield return ReportTables.Compared(report, comparison);
            if (pictures.Forest(comparison, isWide: comparison == report.Comparisons[0]) is { } forest) yield return forest;
        }

        if (report.Powers.Count > 0)
        {
            yield return new Heading("What so many seeds can show");
            yield return ReportTables.Seeds(report);
        }

        foreach (Block block in ReportReadings.Blocks(report.Sweep)) yield return block;
        if (HeadLoss.Measure(report.Sweep) is { Count: > 0 } heads)
        {
            yield return new Heading("Losses of the heads");
            yield return ReportTables.Heads(heads);
        }

        if (ReportTables.Costs(report) is { } costs)
        {
            yield return new Heading("Cost");
            yield return costs;
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
        const string largest = "The largest boundary errors";
        const string worst = "By their mean over an utterance, under the first run of each variant. Thin lines are at the true times.";
        foreach (Block block in Section(largest, worst, [.. pictures.WorstBoundaries()])) yield return block;
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

    /// <summary>A number of things.</summary>
    public static string Number(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";

    /// <summary>A text that starts with a capital letter.</summary>
    public static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
