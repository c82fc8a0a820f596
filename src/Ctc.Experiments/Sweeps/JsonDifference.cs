using System.Text.Json.Nodes;

namespace Ctc.Experiments.Sweeps;

/// <summary>What changed from one configuration to another, leaf by leaf.</summary>
internal static class JsonDifference
{
    /// <summary>Compares two configurations.</summary>
    /// <returns>Such as <c>train.epochs 8 → 10</c>, in the order of the keys.</returns>
    public static IEnumerable<string> Between(JsonNode? before, JsonNode? after, string path = "")
    {
        if (before is JsonObject then && after is JsonObject now)
        {
            return then.Select(entry => entry.Key).Union(now.Select(entry => entry.Key))
                .SelectMany(key => Between(then[key], now[key], path.Length == 0 ? key : $"{path}.{key}"));
        }

        return JsonNode.DeepEquals(before, after) ? [] : [$"{path} {Text(before)} → {Text(after)}"];
    }

    private static string Text(JsonNode? value) => value?.ToJsonString() ?? "nothing";
}
