using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Ctc.Configuration.Binding;
using Ctc.Configuration.Schema;

namespace Ctc.Configuration.Identity;

/// <summary>The identity of a run: two runs have different identities exactly if their numbers can differ.</summary>
public static class RunIdentity
{
    // Options that came later are left out at the value at which they are off, so that existing identities stay.
    private static readonly (string Section, string Key, string Off)[] OffValues =
    [
        ("objective", "heads", "[]"), ("objective", "weight", "1"), ("train", "augment", "[]"), ("train", "views", "1"), ("train", "accumulate", "1"),
        ("train", "best-by", "\"metric\""), ("train", "passes", "1"),
        ("", "transforms", "[]"), ("", "alignment", """{"edges":"frames"}"""), ("objective", "decoder", """{"best-path":{}}"""),
        ("data", "white-space", "\"keep\""), ("data", "split-by", "\"line\""), ("data", "invalid", "\"error\""),
        ("", "metrics", """[{"token-error-rate":{}},{"exact-match":{}}]"""),
    ];

    /// <summary>
    /// Computes the digest of the resolved configuration, its plugins and the engine's numerics version. Names and paths are excluded:
    /// a data file enters by its content, a plugin by the bytes of its DLL and of all other files that it can load. Groups of utterances, which
    /// statistics alone use, are excluded too.
    /// </summary>
    /// <param name="experiment">The experiment; its name and its <c>plugins</c> list are ignored.</param>
    /// <param name="numericsVersion">The numerics version of the engine, raised by hand when its numbers change.</param>
    /// <returns>64 lower-case hexadecimal digits.</returns>
    /// <exception cref="IOException">A data file can no longer be read.</exception>
    /// <exception cref="InvalidDataException">The data source cannot determine which files it uses.</exception>
    public static string Compute(Experiment experiment, string numericsVersion)
    {
        var source = experiment.Data.Create<IDataSource>();
        var grouped = source as IGroupedData;

        // A folder without content of its own only says where files are.
        string? Digest(string file) => grouped?.ContentWithoutGroups(file) is { } content ? DigestOf(content)
            : Directory.Exists(file) ? null : FileDigest.Compute(file);
        JsonObject configuration = CanonicalJson.From(experiment, Digest);
        configuration.Remove("name");
        configuration.Remove("plugins");
        RemoveNothings(configuration);
        RemoveOffValues(configuration);
        WriteScheduleAsBefore(configuration);
        if (experiment.Train.Optimizer.Factory.Origin is null) WriteAsKeysOfTraining(experiment.Train.Optimizer, configuration);

        IEnumerable<string> plugins = experiment.Parts
            .Select(part => part.Factory.Origin?.Digest)
            .OfType<string>()
            .Distinct()
            .Order(StringComparer.Ordinal);
        JsonObject identity = new()
        {
            ["configuration"] = configuration,
            ["numerics"] = numericsVersion,
            ["plugins"] = new JsonArray([.. plugins.Select(digest => (JsonNode)digest)]),
        };
        string[] further = [.. source.DataFiles().Select(FileDigest.Compute)];
        FileDigest.Index?.Save();
        if (further.Length > 0) identity["files"] = new JsonArray([.. further.Select(digest => (JsonNode)digest)]);
        return DigestOf(CanonicalJson.Compact(identity));
    }

    /// <summary>The start of an identity, for messages.</summary>
    /// <param name="identity">An identity as found in a file, which may be damaged.</param>
    /// <returns>At most 12 characters.</returns>
    public static string Abbreviate(string identity)
    {
        ArgumentNullException.ThrowIfNull(identity);
        return identity[..Math.Min(12, identity.Length)];
    }

    private static string DigestOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    // Built-in optimizers were not parts once: their identities are those of the keys optimizer, momentum and weight-decay.
    private static void WriteAsKeysOfTraining(PartChoice optimizer, JsonObject configuration)
    {
        var train = (JsonObject)configuration["train"]!;
        JsonObject options = CanonicalJson.From(optimizer.Options);
        JsonObject defaults = CanonicalJson.From(Activator.CreateInstance(optimizer.Options.GetType())!);
        train["optimizer"] = optimizer.Factory.Metadata.Name;
        foreach (string key in new[] { "momentum", "weight-decay" })
        {
            train[key] = options[key]?.DeepClone() ?? 0;
            options.Remove(key);
        }

        foreach ((string key, JsonNode? value) in options.Where(option => !JsonNode.DeepEquals(option.Value, defaults[option.Key])))
        {
            train[$"optimizer-{key}"] = value?.DeepClone();
        }

        configuration["train"] = CanonicalJson.Sorted([.. train.Select(entry => KeyValuePair.Create(entry.Key, entry.Value?.DeepClone()))]);
    }

    // The schedules of the learning rate began at 1, and a plateau approached 0, before all schedules had these options.
    private static void WriteScheduleAsBefore(JsonObject configuration)
    {
        if (configuration["train"]!["schedule"] is not JsonObject { Count: 1 } schedule) return;
        if (schedule.Single() is not (var name, JsonObject options)) return;
        if (name is ("cosine" or "linear" or "plateau") && options["from"]?.ToJsonString() == "1") options.Remove("from");
        if (name is "plateau" && options["to"]?.ToJsonString() == "0") options.Remove("to");
    }

    private static void RemoveOffValues(JsonObject configuration)
    {
        foreach ((string section, string key, string off) in OffValues)
        {
            JsonObject? keys = section.Length == 0 ? configuration : configuration[section] as JsonObject;
            if (keys?[key]?.ToJsonString() == off) keys.Remove(key);
        }

        // Recordings have had a unit from the beginning.
        if (configuration["data"] is JsonObject data && (string?)data["source"] == "manifest" && (string?)data["unit"] == "character")
        {
            data.Remove("unit");
        }
    }

    // Null values are removed, so that adding an option that is off by default leaves existing identities unchanged.
    private static void RemoveNothings(JsonNode? node)
    {
        if (node is JsonObject mapping)
        {
            foreach (string key in mapping.Where(entry => entry.Value is null).Select(entry => entry.Key).ToArray()) mapping.Remove(key);
            foreach ((_, JsonNode? value) in mapping) RemoveNothings(value);
        }
        else if (node is JsonArray list)
        {
            foreach (JsonNode? item in list) RemoveNothings(item);
        }
    }
}
