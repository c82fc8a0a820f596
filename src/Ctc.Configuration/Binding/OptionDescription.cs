using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using Ctc.Configuration.Json;
using Ctc.Configuration.Yaml;
using Ctc.Hosting;

namespace Ctc.Configuration.Binding;

/// <summary>A key in YAML, such as an option of a part, in words.</summary>
/// <param name="Name">The key.</param>
/// <param name="Default">Its default, as in YAML; null if it must be given.</param>
/// <param name="Expected">The values that it takes; empty if any of its type.</param>
/// <param name="Summary">The summary in the XML documentation beside the DLL; empty if there is none.</param>
public sealed record OptionDescription(string Name, string? Default, string Expected, string Summary)
{
    /// <summary>Describes all options of a part.</summary>
    /// <param name="part">A part. An instance of its options type is created: code of the plugin runs.</param>
    /// <returns>The options, in the order of declaration.</returns>
    public static IReadOnlyList<OptionDescription> AllOf(PartFactory part)
    {
        ArgumentNullException.ThrowIfNull(part);
        Type type = part.Metadata.Options;
        return AllOf(type, part.Origin?.Path ?? type.Assembly.Location);
    }

    /// <summary>Describes all keys of a record.</summary>
    /// <param name="record">A type with a constructor without parameters.</param>
    /// <param name="dll">The DLL beside which its documentation is.</param>
    internal static IReadOnlyList<OptionDescription> AllOf(Type record, string dll)
    {
        object defaults = Activator.CreateInstance(record)!;
        var summaries = OptionSummaries.Load(dll);
        return
        [
            .. OptionProperty.AllOf(record).Select(option => new OptionDescription(
                option.Key,
                DefaultOf(option, defaults),
                string.Join("; ", Expectations(option)),
                option.Point is { } point ? Meaning(point) : summaries.Find(record, option.Name))),
        ];
    }

    private static string Meaning(ExtensionPoint point) =>
        point.IsList ? $"Parts, each {WithArticle(point.Noun)}, in the order in which they apply." : $"A part, {WithArticle(point.Noun)}.";

    private static string WithArticle(string noun) => $"{("aeiou".Contains(noun[0], StringComparison.Ordinal) ? "an" : "a")} {noun}";

    private static string? DefaultOf(OptionProperty option, object defaults)
    {
        if (option.Point is { Default: [var first, ..] names } point) return point.IsList ? Text(new JsonArray([.. names])) : Text(first);
        if (option.IsSection) return "{}";
        return option.IsRequired ? null : Text(CanonicalJson.Value(option, defaults));
    }

    private static string Text(JsonNode? value) => value?.ToJsonString(JsonForm.Compact) ?? "none";

    private static IEnumerable<string> Expectations(OptionProperty option)
    {
        if (option.Point is { } point)
        {
            yield return point.IsList ? "a list of parts" : "a part";
            yield break;
        }

        if (option.IsSection)
        {
            yield return "a section";
            yield break;
        }

        Type type = OptionProperty.ElementOf(option.Type) ?? Nullable.GetUnderlyingType(option.Type) ?? option.Type;
        if (option.IsList) yield return "a list";
        if (type == typeof(Schedule)) yield return "a number or a schedule";
        if (type == typeof(TrainingTime)) yield return ScalarReader.Noun(type)!;
        if (type == typeof(bool)) yield return "true or false";
        if (type == typeof(int) || type == typeof(long)) yield return "a whole number";
        if (option.File is { } file)
        {
            string named = option.IsList ? "files" : file.OrFolder ? "a file or a folder" : "a file";
            yield return file.OrWord is { } word ? $"{named}, or {word}" : named;
        }

        if (type.IsEnum) yield return string.Join(", ", Enum.GetValues(type).Cast<Enum>().Select(KebabCase.From));
        foreach (ValidationAttribute check in option.Checks)
        {
            if (check is RequiredAttribute) continue;
            yield return OptionCheck.Describe(check, option.Key).Replace("expected ", "", StringComparison.Ordinal);
        }
    }
}
