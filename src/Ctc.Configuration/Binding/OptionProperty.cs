using System.ComponentModel.DataAnnotations;
using System.Reflection;

namespace Ctc.Configuration.Binding;

/// <summary>A property of a record as a key in YAML.</summary>
internal sealed class OptionProperty(PropertyInfo property)
{
    public PropertyInfo Property { get; } = property;

    public string Key { get; } = KebabCase.Of(property.Name);

    public AtPointAttribute? Point { get; } = property.GetCustomAttribute<AtPointAttribute>();

    public bool IsDataFile { get; } = property.IsDefined(typeof(DataFileAttribute));

    public bool IsList => ElementOf(Property.PropertyType) is not null;

    public bool TakesNull { get; } = new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable;

    public IEnumerable<ValidationAttribute> Checks => Property.GetCustomAttributes<ValidationAttribute>();

    /// <summary>Gets whether the property has the keyword <c>required</c>.</summary>
    /// <remarks>Found by its name, for more than one assembly brings a public attribute of that name for older runtimes.</remarks>
    public bool MustBeWritten { get; } =
        property.CustomAttributes.Any(attribute => attribute.AttributeType.FullName == "System.Runtime.CompilerServices.RequiredMemberAttribute");

    /// <summary>All properties that can be set, in the order of declaration.</summary>
    public static IEnumerable<OptionProperty> Of(Type record) => record
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.SetMethod is { IsPublic: true } && property.GetIndexParameters().Length == 0)
        .Select(property => new OptionProperty(property));

    /// <summary>The type of a list's items; null where the type is no list.</summary>
    public static Type? ElementOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0] : null;
}
