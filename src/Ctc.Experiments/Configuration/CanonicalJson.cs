using System.Collections;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ctc.Experiments.Configuration;

/// <summary>Writes bound records as JSON of one form: every key, in ordinal order, numbers in the shortest form that reads back the same.</summary>
internal static class CanonicalJson
{
    // Escapes as little as it may: YAML has no escape for a character beyond 0xFFFF in two halves.
    private static readonly JsonSerializerOptions Dense = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions Spread = new(Dense) { WriteIndented = true, NewLine = "\n" };

    public static JsonObject Of(object record) => Of(record, digest: null);

    /// <summary>What counts in an identity: without options that were added later and change nothing.</summary>
    /// <param name="record">An experiment, or options.</param>
    /// <param name="digest">What to write for the path of a data file.</param>
    public static JsonObject ForIdentity(object record, Func<string, string> digest) => Of(record, digest);

    public static string Compact(JsonObject json) => json.ToJsonString(Dense);

    public static string Indented(JsonObject json) => json.ToJsonString(Spread) + "\n";

    private static JsonObject Of(object record, Func<string, string>? digest) => Sorted(Options(record, digest));

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Options(object record, Func<string, string>? digest) =>
        from option in OptionProperty.Of(record.GetType())
        let value = option.Property.GetValue(record)
        where digest is null || !option.IsAsBefore(value)
        select KeyValuePair.Create(option.Key, Value(value, option, digest));

    private static JsonObject Sorted(IEnumerable<KeyValuePair<string, JsonNode?>> entries) =>
        new(entries.OrderBy(entry => entry.Key, StringComparer.Ordinal));

    private static JsonNode? Value(object? value, OptionProperty option, Func<string, string>? digest) => value switch
    {
        null => null,
        string text => option.IsDataFile && digest is not null ? digest(text) : text,
        bool truth => truth,
        int whole => whole,
        long large => large,
        double number => number,
        float narrow => narrow,
        Enum member => KebabCase.Of(member),
        PartChoice part => Part(part, option.Point?.Selector, digest),
        IEnumerable items => new JsonArray([.. items.Cast<object?>().Select(item => Value(item, option, digest))]),
        _ => Of(value, digest),
    };

    private static JsonObject Part(PartChoice part, string? selector, Func<string, string>? digest) => selector is null
        ? new JsonObject { [part.Factory.Metadata.Name] = Of(part.Options, digest) }
        : Sorted([KeyValuePair.Create<string, JsonNode?>(selector, part.Factory.Metadata.Name), .. Options(part.Options, digest)]);
}
