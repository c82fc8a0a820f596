using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ctc.Experiments.Reports;

/// <summary>The keys of the configuration in which the variants of a sweep differ.</summary>
/// <param name="Variants">Those of which at least one run was begun.</param>
/// <param name="Rows">By path; for each variant its value, null where it lacks the key.</param>
internal sealed record DifferingKeys(IReadOnlyList<VariantRuns> Variants, IReadOnlyList<(string Path, IReadOnlyList<string?> Values)> Rows)
{
    private static readonly string[] Ignored = ["name", "seed", "plugins"];
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static DifferingKeys Of(SweepResults sweep)
    {
        (VariantRuns Variant, Dictionary<string, string> Values)[] begun =
        [
            .. sweep.Variants
                .Select(variant => (variant, Experiment: variant.Runs.Select(run => run.Experiment).FirstOrDefault(experiment => experiment is not null)))
                .Where(pair => pair.Experiment is not null)
                .Select(pair => (pair.variant, Flat(pair.Experiment!))),
        ];
        IEnumerable<string> paths = begun.SelectMany(pair => pair.Values.Keys).Distinct().Order(StringComparer.Ordinal);
        return new DifferingKeys(
            [.. begun.Select(pair => pair.Variant)],
            [.. paths
                .Select(path => (Path: path, Values: (IReadOnlyList<string?>)[.. begun.Select(pair => pair.Values.GetValueOrDefault(path))]))
                .Where(row => row.Values.Distinct().Count() > 1)]);
    }

    private static Dictionary<string, string> Flat(JsonObject experiment)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string key, JsonNode? value) in experiment.Where(entry => !Ignored.Contains(entry.Key))) Add(key, value, values);
        return values;
    }

    // A part in a list is addressed by its name, by name#2 where that occurs a second time, as on the command line.
    private static void Add(string path, JsonNode? value, Dictionary<string, string> values)
    {
        switch (value)
        {
            case JsonObject { Count: > 0 } section:
                foreach ((string key, JsonNode? inner) in section) Add($"{path}.{key}", inner, values);
                break;
            case JsonObject:
                values[path] = "yes";
                break;
            case JsonArray parts when parts.All(part => part is JsonObject { Count: 1 }):
                var named = parts.Select(part => part!.AsObject().Single()).ToArray();
                for (int i = 0; i < named.Length; i++)
                {
                    int number = named[..i].Count(before => before.Key == named[i].Key) + 1;
                    Add($"{path}.{named[i].Key}{(number == 1 ? "" : $"#{number}")}", named[i].Value, values);
                }

                break;
            default:
                values[path] = value is JsonValue text && text.TryGetValue(out string? plain) ? plain : value?.ToJsonString(Readable) ?? "null";
                break;
        }
    }
}
