using System.Collections;
using System.Text.Json.Nodes;
using Ctc.Configuration.Json;
using Ctc.Configuration.Yaml;

namespace Ctc.Configuration.Binding;

/// <summary>Writes bound records as canonical JSON: every key, in ordinal order, numbers in the shortest form that round-trips.</summary>
internal static class CanonicalJson
{
    public static JsonObject From(object record) => From(record, path => path);

    /// <param name="record">An experiment, or options.</param>
    /// <param name="file">Maps the path of a data file to the text to write, such as its digest; null for none.</param>
    public static JsonObject From(object record, Func<string, string?> file) => Sorted(Options(record, file));

    /// <summary>The value of one option.</summary>
    /// <param name="option">A key of the record.</param>
    /// <param name="record">An experiment, or options.</param>
    public static JsonNode? Value(OptionProperty option, object record) => Value(option.Get(record), option, path => path);

    public static string Compact(JsonObject json) => json.ToJsonString(JsonForm.Compact);

    public static string Indented(JsonObject json) => json.ToJsonString(JsonForm.Indented) + "\n";

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Options(object record, Func<string, string?> file) =>
        OptionProperty.AllOf(record.GetType()).Select(option => KeyValuePair.Create(option.Key, Value(option.Get(record), option, file)));

    /// <summary>An object with its keys in ordinal order.</summary>
    public static JsonObject Sorted(IEnumerable<KeyValuePair<string, JsonNode?>> entries) =>
        new(entries.OrderBy(entry => entry.Key, StringComparer.Ordinal));

    private static JsonNode? Value(object? value, OptionProperty option, Func<string, string?> file) => value switch
    {
        null => null,
        string text => option.File is { } named && text != named.OrWord ? file(text) : text,
        bool truth => truth,
        int whole => whole,
        long large => large,
        double number => number,
        float narrow => narrow,
        Enum member => KebabCase.From(member),
        PartChoice part => Part(part, option.Point?.Selector, file),
        ConstantSchedule constant => constant.Value,
        Schedule schedule when ScheduleReader.Describe(schedule) is { } named => new JsonObject { [named.Metadata.Name] = From(named.Options, file) },
        TrainingTime time => time.ToString(),
        INamedRecord named => new JsonObject { [named.Name] = From(named, file) },
        IEnumerable items => new JsonArray([.. items.Cast<object?>().Select(item => Value(item, option, file))]),
        _ when RecordKinds.NameOf(value) is { } kind => new JsonObject { [kind] = From(value, file) },
        _ => From(value, file),
    };

    private static JsonObject Part(PartChoice part, string? selector, Func<string, string?> file) => selector is null
        ? new JsonObject { [part.Factory.Metadata.Name] = From(part.Options, file) }
        : Sorted([KeyValuePair.Create<string, JsonNode?>(selector, part.Factory.Metadata.Name), .. Options(part.Options, file)]);
}
