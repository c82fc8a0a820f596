using System.Reflection;
using System.Text.Json.Serialization;

namespace Ctc.Configuration.Yaml;

/// <summary>The kinds of a record that is one of several, by the names that its <see cref="JsonDerivedTypeAttribute"/>s give them.</summary>
internal static class RecordKinds
{
    /// <summary>Names and types, as they are declared; none where the type has no kinds.</summary>
    public static IReadOnlyDictionary<string, Type> AllOf(Type type) => type
        .GetCustomAttributes<JsonDerivedTypeAttribute>(inherit: false)
        .ToDictionary(kind => (string)kind.TypeDiscriminator!, kind => kind.DerivedType);

    /// <summary>The name of a record's kind; null where it is no kind of its base.</summary>
    public static string? NameOf(object record) =>
        AllOf(record.GetType().BaseType!).FirstOrDefault(kind => kind.Value == record.GetType()).Key;
}
