using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using Ctc.Configuration.Json;
using Ctc.Configuration.Yaml;
using Ctc.Hosting;

namespace Ctc.Configuration.Binding;

/// <summary>An option of a part, in words.</summary>
/// <param name="Name">Its key in YAML.</param>
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
        JsonObject defaults = CanonicalJson.From(Activator.CreateInstance(type)!);
        var summaries = OptionSummaries.Load(part.Origin?.Path ?? type.Assembly.Location);
        return
        [
            .. OptionProperty.AllOf(type).Select(option => new OptionDescription(
                option.Key,
                option.IsRequired ? null : Text(defaults[option.Key]),
                string.Join("; ", Expectations(option)),
                summaries.Find(type, option.Name))),
        ];
    }

    private static string Text(JsonNode? value) => value?.ToJsonString(JsonForm.Compact) ?? "none";

    private static IEnumerable<string> Expectations(OptionProperty option)
    {
        Type type = OptionProperty.ElementOf(option.Type) ?? Nullable.GetUnderlyingType(option.Type) ?? option.Type;
        if (option.IsList) yield return "a list";
        if (type == typeof(Schedule)) yield return "a number or a schedule";
        if (type == typeof(bool)) yield return "true or false";
        if (type == typeof(int) || type == typeof(long)) yield return "a whole number";
        if (option.IsDataFile) yield return option.IsList ? "files" : "a file";
        if (type.IsEnum) yield return string.Join(", ", Enum.GetValues(type).Cast<Enum>().Select(KebabCase.From));
        foreach (ValidationAttribute check in option.Checks)
        {
            if (check is not RequiredAttribute) yield return OptionCheck.Describe(check, option.Key);
        }
    }
}
