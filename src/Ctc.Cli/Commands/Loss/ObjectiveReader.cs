using System.Buffers;
using System.Text;
using System.Text.Json;
using Ctc.Configuration.Json;
using Ctc.Configuration.Schema;
using Ctc.Configuration.Yaml;
using Ctc.Engine.Objectives;
using Ctc.Hosting;

namespace Ctc.Cli.Commands.Loss;

/// <summary>
/// Parses the objective of a request. The keys are those of an experiment, but by default there is no reduction and infeasible utterances have
/// loss +∞.
/// </summary>
internal static class ObjectiveReader
{
    private const string Name = "objective";

    private static readonly string[] ForDecoding = ["decoder", "language-model"];

    public static ObjectiveConfiguration Parse(JsonValue? written, PartCatalog catalog, string baseFolder)
    {
        if (written is { Element.ValueKind: not JsonValueKind.Object }) throw written.Value.Refuse("an object");
        ObjectiveConfiguration read = ParseText(written is null ? "{}" : OneLine(written.Value), catalog, baseFolder);
        if (read.Heads is [{ Stream: var stream }, ..])
        {
            throw new InvalidDataException($"{Name}.heads names the stream '{stream}' of an encoder; expected no heads, because a request has none.");
        }

        if (read.IsTransducer)
        {
            throw new InvalidDataException(
                $"{Name}.topology is a transducer, whose networks belong to a run; expected a topology that reads the inputs alone.");
        }

        if (ForDecoding.FirstOrDefault(Has) is { } reader)
        {
            throw new InvalidDataException($"{Name}.{reader} is given; expected none, because a request is not decoded.");
        }

        bool Has(string key) => written is { } value && value.Element.TryGetProperty(key, out _);
        return read with
        {
            Reduction = Has("reduction") ? read.Reduction : Reduction.None,
            Infeasible = Has("infeasible") ? read.Infeasible : InfeasiblePolicy.Inf,
        };
    }

    private static ObjectiveConfiguration ParseText(string text, PartCatalog catalog, string baseFolder)
    {
        try
        {
            return ObjectiveConfiguration.Parse(text, Name, baseFolder, catalog);
        }
        catch (ConfigurationException error)
        {
            // The position is in a text that this class wrote.
            throw new InvalidDataException($"{Name}: {error.Message[(error.Location.ToString().Length + 2)..]}", error);
        }
    }

    // Tabs and line breaks have a meaning in YAML and none in JSON.
    private static string OneLine(JsonValue objective)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, JsonForm.Writer))
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
