using System.Text.Json;
using System.Text.Json.Nodes;
using Ctc.Configuration.Json;

namespace Ctc.Configuration.Identity;

/// <summary>A resolved configuration as paths and values, to compare leaf by leaf.</summary>
internal static class ConfigurationLeaves
{
    /// <summary>Lists the leaves.</summary>
    /// <param name="experiment">As a run records it.</param>
    /// <returns>
    /// Such as <c>train.epochs</c> and <c>8</c>, in the order of the keys. A part in a list is addressed by its name, by name#2 if that occurs a
    /// second time, as on the command line; a part without options has the value yes.
    /// </returns>
    public static IReadOnlyDictionary<string, string> From(JsonObject experiment)
    {
        var leaves = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string key, JsonNode? value) in experiment) Add(key, value, leaves);
        return leaves;
    }

    /// <summary>The leaves in which two configurations differ.</summary>
    /// <param name="before">The first.</param>
    /// <param name="after">The second.</param>
    /// <returns>Such as <c>train.epochs</c>, 8, 10: a row for each leaf that differs, null if a side lacks it.</returns>
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
