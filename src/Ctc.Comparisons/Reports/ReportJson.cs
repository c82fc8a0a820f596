using System.Text.Json.Nodes;
using Ctc.Comparisons.Statistics;
using Ctc.Experiments.Runs;

namespace Ctc.Comparisons.Reports;

/// <summary>A report as one JSON object: for each metric every variant.</summary>
internal static class ReportJson
{
    // In a folder no run is running.
    private static readonly RunState[] States = [RunState.Done, RunState.Failed, RunState.Unfinished, RunState.Missing];

    public static JsonObject FromReport(Report report) => new()
    {
        ["name"] = report.Sweep.Name,
        ["baseline"] = report.Sweep.Baseline,
        ["runs"] = new JsonObject(States.Select(status =>
            KeyValuePair.Create<string, JsonNode?>(status.ToString().ToLowerInvariant(), report.Sweep.Runs.Count(run => run.Status == status)))),
        ["metrics"] = new JsonObject(report.Comparisons.Select(comparison => KeyValuePair.Create<string, JsonNode?>(
            comparison.Metric.Key,
            new JsonObject(
                comparison.Rows.Select(row => KeyValuePair.Create<string, JsonNode?>(row.Variant.Label, FromRow(row, comparison.Metric))))))),
        ["seeds"] = new JsonObject(report.Powers.Select(power => KeyValuePair.Create<string, JsonNode?>(
            power.Row.Variant.Label, new JsonObject { ["smallest_shown"] = power.SmallestShown, ["needed"] = power.SeedsNeeded }))),
        ["seconds_per_step"] = FromCosts(Cost.StepSeconds(report.Sweep)),
        ["peak_memory_mb"] = FromCosts(Cost.PeakMemoryMb(report.Sweep)),
        ["head_losses"] = new JsonObject(HeadLoss.Measure(report.Sweep).Select(loss => KeyValuePair.Create<string, JsonNode?>(
            loss.Variant.Label, new JsonObject(loss.Heads.Select(head => KeyValuePair.Create<string, JsonNode?>(head.Key, Finite(head.Value))))))),
    };

    private static JsonObject FromCosts(IEnumerable<Cost> costs) => new(costs.Select(cost => KeyValuePair.Create<string, JsonNode?>(
        cost.Variant.Label, new JsonObject { ["mean"] = Finite(cost.Mean), ["relative"] = Finite(cost.Relative) })));

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;

    private static JsonObject FromRow(VariantResult row, Metric metric) => new()
    {
        ["runs"] = row.Mean?.Count ?? 0,
        ["failed"] = row.Variant.Runs.Count(run => run.Status == RunState.Failed),
        ["metric"] = row.Mean is { } mean ? FromSample(mean, row.OnTestSet) : null,
        ["difference"] = row.Difference is { } difference ? FromDifference(difference) : null,
        ["words"] = Conclusion.Describe(row, metric),
    };

    private static JsonObject FromSample(SampleMean sample, Interval? onTestSet) => new()
    {
        ["mean"] = sample.Mean,
        ["interval"] = FromInterval(sample.Interval),
        ["on_this_test_set"] = FromInterval(onTestSet),
    };

    private static JsonObject FromDifference(BaselineDifference difference)
    {
        JsonObject sample = FromSample(difference.Paired.Sample, difference.OnTestSet);
        sample.Insert(0, "to", difference.To.Label);
        sample.Insert(1, "pairs", difference.Paired.Sample.Count);
        sample["p"] = difference.Paired.P;
        sample["p_holm"] = difference.Corrected;
        sample["spread"] = new JsonObject
        {
            ["variant"] = difference.Spread.Variant, ["baseline"] = difference.Spread.Baseline, ["p_holm"] = difference.CorrectedSpread,
        };
        return sample;
    }

    private static JsonArray? FromInterval(Interval? interval) => interval is { } known ? [known.Low, known.High] : null;
}
