using System.Text.Json;
using System.Text.Json.Nodes;
using Ctc.Configuration.Json;

namespace Ctc.Comparisons.Reports;

/// <summary>
/// Why the losses of two runs are not compared: −ln p(target) is one quantity only under one topology, and over the same utterances.
/// </summary>
internal static class LossObstacle
{
    public static string? Between(ComparedRun variant, ComparedRun baseline)
    {
        (string here, string there) = (TopologyOf(variant), TopologyOf(baseline));
        if (here != there) return $"its topology is {here}, the baseline's {there}, and p(target) sums over other alignments under each";

        bool same = variant.Test!.Utterances.Zip(baseline.Test!.Utterances).All(pair =>
            pair.First.Result.Loss is null == pair.Second.Result.Loss is null);
        return same ? null : "the targets that have no alignment, which the loss leaves out, are others than the baseline's";
    }

    /// <summary>The topology of a run, with its options if there are any; CTC's if the record does not name one.</summary>
    public static string TopologyOf(ComparedRun run) => ((run.Experiment?["objective"] as JsonObject)?["topology"]) switch
    {
        null => "ctc",
        JsonNode name when name.GetValueKind() == JsonValueKind.String => name.GetValue<string>(),
        JsonObject { Count: 1 } named when named.Single() is { Value: JsonObject { Count: 0 } } single => single.Key,
        JsonNode other => other.ToJsonString(JsonForm.Compact),
    };
}
