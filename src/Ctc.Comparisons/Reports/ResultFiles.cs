using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ctc.Comparisons.Reports;

/// <summary>A sweep as tables for other programs: a row for each run, by variant, grid and seed.</summary>
internal static class ResultFiles
{
    /// <summary>The result of each run. No times, dates, paths or commits: equal results give equal bytes.</summary>
    public static string Results(Report report)
    {
        Metric[] metrics = [.. report.Comparisons.Select(comparison => comparison.Metric)];
        return Table(
            report.Sweep,
            ["status", "utterances", .. metrics.Select(metric => metric.Key)],
            run =>
            [
                run.Status.ToString().ToLowerInvariant(),
                run.Test is null ? "" : run.Test.Utterances.Count.ToString(CultureInfo.InvariantCulture),
                .. metrics.Select(metric => run.Test is null ? "" : CsvText.Number(metric.Measure(run.Test))),
            ]);
    }

    /// <summary>The duration of training and measuring of each run, in seconds; empty if there is no result.</summary>
    public static string Timing(Report report) =>
        Table(report.Sweep, ["seconds"], run => [run.Test is null ? "" : CsvText.Number(run.Test.Measurement.Seconds)]);

    private static string Table(SweepResults sweep, IEnumerable<string> headings, Func<ComparedRun, IEnumerable<string>> fields)
    {
        string[] paths = [.. sweep.Runs.SelectMany(run => run.Planned.Grid.Keys).Distinct().Order(StringComparer.Ordinal)];
        IOrderedEnumerable<ComparedRun> sorted = sweep.Runs.OrderBy(run => run.Planned.Variant, StringComparer.Ordinal);
        foreach (string path in paths)
        {
            sorted = sorted.ThenBy(run => Number(run, path)).ThenBy(run => Text(run, path), StringComparer.Ordinal);
        }

        return CsvText.FromRows(
        [
            ["variant", .. paths, "seed", .. headings],
            .. sorted.ThenBy(run => run.Planned.Seed).Select(run => (IEnumerable<string>)
            [
                run.Planned.Variant,
                .. paths.Select(path => Text(run, path)),
                run.Planned.Seed.ToString(CultureInfo.InvariantCulture),
                .. fields(run),
            ]),
        ]);
    }

    private static JsonNode? Value(ComparedRun run, string path) => run.Planned.Grid.TryGetValue(path, out JsonNode? value) ? value : null;

    private static double Number(ComparedRun run, string path) =>
        Value(run, path) is JsonValue value && value.GetValueKind() == JsonValueKind.Number ? value.GetValue<double>() : double.PositiveInfinity;

    private static string Text(ComparedRun run, string path) => Value(run, path) switch
    {
        null => "",
        JsonValue value when value.TryGetValue(out string? text) => text,
        var value => value.ToJsonString(),
    };
}
