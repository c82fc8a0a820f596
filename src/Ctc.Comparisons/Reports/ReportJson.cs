using System.Text.Json.Nodes;
using Ctc.Comparisons.Statistics;

namespace Ctc.Comparisons.Reports;

/// <summary>A report as one JSON object: for each metric every variant.</summary>
internal static class ReportJson
{
    public static JsonObject Of(Report report) => new()
    {
        ["name"] = report.Sweep.Name,
        ["baseline"] = report.Sweep.Baseline,
        ["runs"] = new JsonObject(Enum.GetValues<Completion>().Select(status =>
            KeyValuePair.Create<string, JsonNode?>(status.ToString().ToLowerInvariant(), report.Sweep.Runs.Count(run => run.Status == status)))),
        ["metrics"] = new JsonObject(report.Comparisons.Select(comparison => KeyValuePair.Create<string, JsonNode?>(
            comparison.Metric.Key,
            new JsonObject(comparison.Rows.Select(row => KeyValuePair.Create<string, JsonNode?>(row.Variant.Label, Of(row, comparison.Metric))))))),
    };

    private static JsonObject Of(VariantResult row, Metric metric) => new()
    {
        ["runs"] = row.Mean?.Count ?? 0,
        ["failed"] = row.Variant.Runs.Count(run => run.Status == Completion.Failed),
        ["metric"] = row.Mean is { } mean ? Of(mean, row.OnTestSet) : null,
        ["difference"] = row.Difference is { } difference ? Of(difference) : null,
        ["words"] = Verdict.Of(row, metric),
    };

    private static JsonObject Of(SampleMean sample, Interval? onTestSet) => new()
    {
        ["mean"] = sample.Mean,
        ["interval"] = Of(sample.Interval),
        ["on_this_test_set"] = Of(onTestSet),
    };

    private static JsonObject Of(Difference difference)
    {
        JsonObject sample = Of(difference.Paired.Sample, difference.OnTestSet);
        sample.Insert(0, "to", difference.To.Label);
        sample.Insert(1, "pairs", difference.Paired.Sample.Count);
        sample["p"] = difference.Paired.P;
        sample["p_holm"] = difference.Corrected;
        return sample;
    }

    private static JsonArray? Of(Interval? interval) => interval is { } known ? [known.Low, known.High] : null;
}
