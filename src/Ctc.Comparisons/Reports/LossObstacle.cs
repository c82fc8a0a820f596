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

        if (!AddedTo(variant).SequenceEqual(AddedTo(baseline)))
        {
            return "its topology adds other tokens than the baseline's, and p(target) sums over other alignments with them";
        }

        bool same = variant.Test!.Utterances.Zip(baseline.Test!.Utterances).All(pair =>
            pair.First.Result.Loss is null == pair.Second.Result.Loss is null);
        return same ? null : "the targets that have no alignment, which the loss leaves out, are others than the baseline's";
    }

    /// <summary>A sentence about curves of losses that are over different alignments; empty if they are not.</summary>
    /// <param name="runs">Begun runs.</param>
    public static string Describe(IReadOnlyList<ComparedRun> runs) =>
        runs.Select(TopologyOf).Distinct().Count() > 1 ? "Losses under different topologies are not comparable."
        : runs.Where(run => run.Test is not null).Select(run => string.Join('\n', AddedTo(run))).Distinct().Count() > 1
            ? "Losses under a topology with different added tokens are not comparable."
        : "";

    /// <summary>The topology of a run, with its options if there are any; CTC's if the record does not name one.</summary>
    private static string TopologyOf(ComparedRun run) => ((run.Experiment?["objective"] as JsonObject)?["topology"]) switch
    {
        null => "ctc",
        JsonNode name when name.GetValueKind() == JsonValueKind.String => name.GetValue<string>(),
        JsonObject { Count: 1 } named when named.Single() is { Value: JsonObject { Count: 0 } } single => single.Key,
        JsonNode other => other.ToJsonString(JsonForm.Compact),
    };

    // A topology may find its tokens in the training targets, so that other data give others.
    private static IReadOnlyList<string> AddedTo(ComparedRun run) => run.Test?.Measurement.AddedTokens ?? [];
}
