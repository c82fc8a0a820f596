using System.Text.Json;
using System.Text.Json.Nodes;
using Ctc.Configuration.Json;

namespace Ctc.Configuration.Identity;

/// <summary>A resolved configuration as pairs of path and value, for comparison leaf by leaf.</summary>
internal static class ConfigurationLeaves
{
    /// <summary>Lists the leaves.</summary>
    /// <param name="experiment">A resolved configuration, as recorded with a run.</param>
    /// <returns>
    /// Pairs such as <c>train.epochs</c> and <c>8</c>, in the order of the keys. The address of a part in a list is its name, name#2 if it occurs a
    /// second time, as on the command line; a part without options has the value yes.
    /// </returns>
    public static IReadOnlyDictionary<string, string> From(JsonObject experiment)
    {
        var leaves = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string key, JsonNode? value) in experiment) Add(key, value, leaves);
        return leaves;
    }

    /// <summary>Returns the leaves in which two configurations differ.</summary>
    /// <param name="before">The first configuration.</param>
    /// <param name="after">The second configuration.</param>
    /// <returns>A row for each leaf that differs, such as <c>train.epochs</c>, 8, 10; a value is null if that configuration lacks the leaf.</returns>
    public static IEnumerable<(string Path, string? Before, string? After)> Changed(JsonObject before, JsonObject after)
    {
        IReadOnlyDictionary<string, string> then = From(before), now = From(after);
        return then.Keys.Union(now.Keys)
            .Select(path => (path, then.GetValueOrDefault(path), now.GetValueOrDefault(path)))
            .Where(row => row.Item2 != row.Item3);
    }

    private static void Add(string path, JsonNode? value, Dictionary<string, string> leaves)
    {
        switch (value)
        {
            case JsonObject { Count: > 0 } section:
                foreach ((string key, JsonNode? inner) in section) Add($"{path}.{key}", inner, leaves);
                break;
            case JsonObject:
                leaves[path] = "yes";
                break;
            case JsonArray parts when parts.All(part => part is JsonObject { Count: 1 }):
                var named = parts.Select(part => part!.AsObject().Single()).ToArray();
                for (int i = 0; i < named.Length; i++)
                {
                    int number = named[..i].Count(before => before.Key == named[i].Key) + 1;
                    Add($"{path}.{named[i].Key}{(number == 1 ? "" : $"#{number}")}", named[i].Value, leaves);
                }

                break;
            default:
                bool isText = value?.GetValueKind() == JsonValueKind.String;
                leaves[path] = isText ? value!.GetValue<string>() : value?.ToJsonString(JsonForm.Compact) ?? "null";
                break;
        }
    }
}
