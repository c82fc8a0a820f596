using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Ctc.Configuration.Yaml;
using Ctc.Hosting;

namespace Ctc.Configuration.Binding;

/// <summary>A key in YAML: a property of a record, or one extension point of its <see cref="PartChoices"/>.</summary>
internal sealed class OptionProperty
{
    private readonly PropertyInfo property;

    private OptionProperty(PropertyInfo property, ExtensionPoint? point)
    {
        this.property = property;
        Point = point;
        Key = point?.Key ?? KebabCase.From(property.Name);
        File = property.GetCustomAttribute<DataFileAttribute>();
        FileInFolder = property.GetCustomAttribute<FileInFolderAttribute>()?.Path;
        IsScheduleValue = property.IsDefined(typeof(ScheduleValueAttribute));
        TakesNull = point is null ? new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable : point.IsOptional;
        IsRequired = point is null ? PartFactory.IsRequired(property) : point is { IsList: false, IsOptional: false };
    }

    public string Name => property.Name;

    public string Key { get; }

    /// <summary>Gets the extension point of the parts; null if the key does not choose parts.</summary>
    public ExtensionPoint? Point { get; }

    public Type Type => Point is null ? property.PropertyType : Point.IsList ? typeof(IReadOnlyList<PartChoice>) : typeof(PartChoice);

    /// <summary>Gets how it names a data file; null if it does not.</summary>
    public DataFileAttribute? File { get; }

    /// <summary>Gets the path of the file that is meant by a folder; null if a folder is refused.</summary>
    public string? FileInFolder { get; }

    /// <summary>Gets whether it is a value of the schedule whose option it is.</summary>
    public bool IsScheduleValue { get; }

    public bool IsList => ElementOf(Type) is not null;

    /// <summary>Gets whether its value is a mapping with keys of its own.</summary>
    public bool IsSection => Point is null && !IsList && Nullable.GetUnderlyingType(Type) is null && ScalarReader.Noun(Type) is null;

    public bool TakesNull { get; }

    /// <summary>Gets whether the key is required, unless its extension point has a default.</summary>
    public bool IsRequired { get; }

    public IEnumerable<ValidationAttribute> Checks => property.GetCustomAttributes<ValidationAttribute>();

    /// <summary>All keys of a record, in the order of declaration.</summary>
    public static IEnumerable<OptionProperty> AllOf(Type record) => record
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.SetMethod is { IsPublic: true } && property.GetIndexParameters().Length == 0)
        .SelectMany(property => property.GetCustomAttribute<PartSectionAttribute>() is { } section
            ? ExtensionPoint.All.Where(section.Has).Select(point => new OptionProperty(property, point))
            : [new OptionProperty(property, null)]);

    /// <summary>The type of a list's items; null if the type is not a list.</summary>
    public static Type? ElementOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0] : null;

    public object? Get(object record) => property.GetValue(record) switch
    {
        PartChoices parts when Point is { IsList: true } => parts[Point],
        PartChoices parts when Point is not null => parts[Point].SingleOrDefault(),
        var value => value,
    };

    public void Set(object record, object? value)
    {
        if (Point is not null)
        {
            IReadOnlyList<PartChoice> parts = value as IReadOnlyList<PartChoice> ?? (value is PartChoice part ? [part] : []);
            value = ((PartChoices)property.GetValue(record)!).With(Point, parts);
        }

        property.SetValue(record, value);
    }
}

/// <summary>Marks the <see cref="PartChoices"/> property of a record: the parts of all extension points in one section of an experiment.</summary>
/// <param name="name">The section, as in <see cref="ExtensionPoint.Section"/>.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PartSectionAttribute(string name) : Attribute
{
    /// <summary>Gets whether only the points of a loss belong to it: topology, transforms, weightings and terms.</summary>
    public bool OfLoss { get; init; }

    /// <summary>Whether the section has the key of an extension point.</summary>
    public bool Has(ExtensionPoint point) => point.Section == name && !point.IsOption && (point.Role is not null || !OfLoss);
}

/// <summary>Marks a data file that a folder can stand for.</summary>
/// <param name="path">The path of the file in the folder.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class FileInFolderAttribute(string path) : Attribute
{
    /// <summary>Gets the path of the file in the folder.</summary>
    public string Path => path;
}
