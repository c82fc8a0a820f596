using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Ctc.Configuration.Json;
using Ctc.Configuration.Schema;
using Ctc.Configuration.Yaml;
using Ctc.Engine.Objectives;
using Ctc.Hosting;

namespace Ctc.Cli.Commands.Loss;

/// <summary>
/// Reads the objective of a request: the keys of an experiment's, except that nothing is reduced and that infeasible utterances have loss +∞
/// unless it says otherwise.
/// </summary>
internal static class ObjectiveReader
{
    private const string Name = "objective";

    public static ObjectiveConfiguration Read(JsonValue? written, PartCatalog catalog, string baseFolder)
    {
        if (written is { Element.ValueKind: not JsonValueKind.Object }) throw written.Value.Refuse("an object");
        ObjectiveConfiguration read = Parse(written is null ? "{}" : OneLine(written.Value), catalog, baseFolder);
        bool Says(string key) => written is { } value && value.Element.TryGetProperty(key, out _);
        return read with
        {
            Reduction = Says("reduction") ? read.Reduction : Reduction.None,
            Infeasible = Says("infeasible") ? read.Infeasible : InfeasiblePolicy.Inf,
        };
    }

    private static ObjectiveConfiguration Parse(string text, PartCatalog catalog, string baseFolder)
    {
        try
        {
            return ObjectiveConfiguration.Parse(text, Name, baseFolder, catalog);
        }
        catch (ConfigurationException error)
        {
            // The position is one in a text that nobody wrote.
            throw new InvalidDataException($"{Name}: {error.Message[(error.Location.ToString().Length + 2)..]}", error);
        }
    }

    // YAML minds tabs and line breaks, which JSON does not.
    private static string OneLine(JsonValue objective)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            JsonValue.TextOf(
                () =>
                {
                    objective.Element.WriteTo(writer);
                    return "";
                },
                Name);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
