using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ctc.Configuration.Binding;

/// <summary>
/// Names in YAML: the kebab-case of the name in C#, or, for a value of an enum, what a <see cref="JsonStringEnumMemberNameAttribute"/> says.
/// </summary>
internal static class KebabCase
{
    public static string Of(string name) => JsonNamingPolicy.KebabCaseLower.ConvertName(name);

    public static string Of(Enum value) => Of(value.GetType().GetField(value.ToString())!);

    /// <summary>All values of an enum by their names in YAML, as they are declared.</summary>
    public static IReadOnlyDictionary<string, object> Values(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.Static).ToDictionary(Of, field => field.GetValue(null)!);

    private static string Of(FieldInfo field) => field.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name ?? Of(field.Name);
}
