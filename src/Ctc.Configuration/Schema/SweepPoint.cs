using System.Text.Json.Nodes;
using Ctc.Configuration.Yaml;

namespace Ctc.Configuration.Schema;

/// <summary>One run of a sweep, its parts not looked up yet.</summary>
/// <param name="Variant">The variant's name.</param>
/// <param name="Grid">The values that the grid sets, by their paths. Plain text that could be a number is one here.</param>
/// <param name="Seed">The seed.</param>
/// <param name="File">The experiment with all of these applied.</param>
public sealed record SweepPoint(string Variant, IReadOnlyDictionary<string, JsonNode?> Grid, long Seed, ExperimentFile File)
{
    /// <summary>Gets the values of the grid as written, by their paths.</summary>
    internal IReadOnlyDictionary<string, YamlValue> Written { get; init; } = new Dictionary<string, YamlValue>();

    /// <summary>Types the values of the grid as the bound experiment does: a value of an option for text is the text as written.</summary>
    /// <param name="experiment">The experiment of <see cref="File"/>, bound.</param>
    /// <returns>The values, by their paths.</returns>
    public IReadOnlyDictionary<string, JsonNode?> TypedGrid(Experiment experiment)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        if (Written.Count == 0) return Grid;
        JsonObject resolved = experiment.ToJson();
        return Written.ToDictionary(
            value => value.Key,
            value => Typed(value.Value, KeyPath.Split(value.Key, value.Value.Location).Aggregate((JsonNode?)resolved, Under)));
    }

    // Parts are in lists, of mappings with their name as the only key: focal, or focal#2 for the second of that name.
    private static JsonNode? Under(JsonNode? node, string key) => node switch
    {
        JsonObject section => section[key],
        JsonArray parts => key.Split('#') is [var name, var number] && int.TryParse(number, out int which)
            ? Named(parts, name).ElementAtOrDefault(which - 1)
            : Named(parts, key).FirstOrDefault(),
        _ => null,
    };

    private static IEnumerable<JsonNode?> Named(JsonArray parts, string name) =>
        parts.OfType<JsonObject>().Where(part => part.Count == 1 && part.ContainsKey(name)).Select(part => part[name]);

    private static JsonNode? Typed(YamlValue written, JsonNode? resolved) => (written, resolved) switch
    {
        (YamlScalar scalar, JsonValue value) when value.GetValueKind() == System.Text.Json.JsonValueKind.String => scalar.Text,
        (YamlList list, JsonArray items) when list.Items.Count == items.Count => new JsonArray([.. list.Items.Zip(items, Typed)]),
        (YamlMapping mapping, JsonObject section) =>
            new JsonObject(mapping.Entries.Select(entry => KeyValuePair.Create(entry.Key.Text, Typed(entry.Value, section[entry.Key.Text])))),
        _ => written.ToJson(),
    };
}
