using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Ctc.Configuration.Binding;
using Ctc.Configuration.Schema;

namespace Ctc.Configuration.Identity;

/// <summary>Tells two runs apart exactly if their numbers can differ.</summary>
public static class RunIdentity
{
    private static readonly ConcurrentDictionary<(string Path, long Length, DateTime Written), string> Digests = [];

    /// <summary>
    /// The digest of the resolved configuration, the plugins that it uses and the engine's numerics. Names and places do not count:
    /// a data file stands for its content, a plugin for its bytes.
    /// </summary>
    /// <param name="experiment">Its name and its <c>plugins</c> list are left out.</param>
    /// <param name="numericsVersion">Raised by hand when the engine's numbers change.</param>
    /// <returns>64 lower-case hexadecimal digits.</returns>
    /// <exception cref="IOException">A data file cannot be read any more.</exception>
    /// <exception cref="InvalidDataException">The data source cannot tell which files it reads.</exception>
    public static string Compute(Experiment experiment, string numericsVersion)
    {
        JsonObject configuration = CanonicalJson.From(experiment, DigestOfFile);
        configuration.Remove("name");
        configuration.Remove("plugins");
        RemoveNothings(configuration);

        IEnumerable<string> plugins = experiment.Parts
            .Select(part => part.Factory.Origin?.Sha256)
            .OfType<string>()
            .Distinct()
            .Order(StringComparer.Ordinal);
        JsonObject identity = new()
        {
            ["configuration"] = configuration,
            ["numerics"] = numericsVersion,
            ["plugins"] = new JsonArray([.. plugins.Select(digest => (JsonNode)digest)]),
        };
        string[] further = [.. experiment.Data.Create<IDataSource>().DataFiles().Select(DigestOfFile)];
        if (further.Length > 0) identity["files"] = new JsonArray([.. further.Select(digest => (JsonNode)digest)]);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(CanonicalJson.Compact(identity))));
    }

    // What is switched off might as well not be there: a new option that is off by default leaves identities as they are.
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

    // A sweep asks for the same files once for each run.
    private static string DigestOfFile(string path)
    {
        var file = new FileInfo(path);
        return Digests.GetOrAdd((path, file.Length, file.LastWriteTimeUtc), _ =>
        {
            using FileStream content = file.OpenRead();
            return Convert.ToHexStringLower(SHA256.HashData(content));
        });
    }
}
