using System.Reflection;
using System.Text.Json.Serialization;

namespace Ctc.Configuration.Yaml;

/// <summary>The derived types of a polymorphic record, by the names in its <see cref="JsonDerivedTypeAttribute"/>s.</summary>
internal static class RecordKinds
{
    /// <summary>Names and types in the order of declaration; empty if the type has no kinds.</summary>
    public static IReadOnlyDictionary<string, Type> AllOf(Type type) => type
        .GetCustomAttributes<JsonDerivedTypeAttribute>(inherit: false)
        .ToDictionary(kind => (string)kind.TypeDiscriminator!, kind => kind.DerivedType);

    /// <summary>The name of the kind of a record; null if its type is not a declared kind of its base type.</summary>
    public static string? NameOf(object record) =>
        AllOf(record.GetType().BaseType!).FirstOrDefault(kind => kind.Value == record.GetType()).Key;
}
