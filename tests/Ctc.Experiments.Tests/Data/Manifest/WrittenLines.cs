using System.Text.Json;
using System.Text.Json.Nodes;
using Ctc.Experiments.Data.Digits;
using Ctc.Experiments.Data.Manifest;
using Ctc.Experiments.Tests.Data.Digits;

namespace Ctc.Experiments.Tests.Data.Manifest;

/// <summary>A data set as images and manifests, each set in a folder of its own.</summary>
internal static class WrittenLines
{
    /// <param name="folder">It is made.</param>
    /// <param name="data">Lines of digits.</param>
    /// <param name="json">Whether the manifests are JSON Lines rather than label files.</param>
    /// <param name="graph">With JSON: the graph of an utterance.</param>
    public static ManifestOptions Of(string folder, Dataset data, bool json, Func<Utterance, JsonNode?>? graph = null)
    {
        return new ManifestOptions { Train = Set("train", data.Train), Dev = Set("dev", data.Dev), Test = Set("test", data.Test) };

        string Set(string set, IReadOnlyList<Utterance> lines)
        {
            string images = Directory.CreateDirectory(Path.Combine(folder, set)).FullName, file = Path.Combine(images, "list");
            var source = new DigitLinesSource(RealDigits.Few);
            File.WriteAllLines(file, lines.Select(line =>
            {
                string image = Path.GetFileName(source.Write(line, images)!), text = data.Alphabet.Format(line.Target);
                return json ? JsonSerializer.Serialize(new { image, text, graph = graph?.Invoke(line) }) : $"{image}\t{text}";
            }));
            return file;
        }
    }

    /// <summary>A graph as a manifest has it: symbols for states.</summary>
    public static JsonObject Json(Graph graph, Alphabet alphabet)
    {
        var json = new JsonObject
        {
            ["states"] = new JsonArray([.. graph.Labels.Select(token => token == alphabet.Blank ? null : JsonValue.Create(alphabet[token]))]),
            ["arcs"] = JsonSerializer.SerializeToNode(graph.Arcs.Select(arc => new object[] { arc.From, arc.To, arc.Score })),
            ["initial"] = JsonSerializer.SerializeToNode(graph.Initial.Select(start => new object[] { start.State, start.Score })),
            ["final"] = JsonSerializer.SerializeToNode(graph.Final.Select(end => new object[] { end.State, end.Score })),
        };
        if (double.IsFinite(graph.Empty)) json["empty"] = graph.Empty;
        return json;
    }
}
