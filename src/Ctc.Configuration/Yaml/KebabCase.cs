using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ctc.Configuration.Yaml;

/// <summary>
/// Names in YAML: the kebab-case form of the C# name, or the name in the <see cref="JsonStringEnumMemberNameAttribute"/> of an enum value.
/// </summary>
internal static class KebabCase
{
    public static string From(string name) => JsonNamingPolicy.KebabCaseLower.ConvertName(name);

    public static string From(Enum value) => From(value.GetType().GetField(value.ToString())!);

    /// <summary>All values of an enum by their names in YAML, in the order of declaration.</summary>
    public static IReadOnlyDictionary<string, object> Values(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.Static).ToDictionary(From, field => field.GetValue(null)!);

    private static string From(FieldInfo field) => field.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name ?? From(field.Name);
}
