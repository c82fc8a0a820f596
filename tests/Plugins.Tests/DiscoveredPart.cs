using System.Globalization;
using System.Reflection;
using Ctc.Hosting;

namespace Ctc.Plugins.Tests;

/// <summary>Parts as users load them: from the DLLs beside the executable, by name, with options set by name.</summary>
internal static class DiscoveredPart
{
    private static readonly PluginCatalog Plugins = PluginCatalog.Discover([Path.Combine(AppContext.BaseDirectory, "plugins")]);

    public static IReadOnlyList<PartFactory> All { get; } = [.. Plugins.Plugins.SelectMany(plugin => plugin.Parts)];

    public static IReadOnlyList<Plugin> Found => Plugins.Plugins;

    /// <summary>A part with its default options.</summary>
    public static T Create<T>(string name)
        where T : IPart => Create<T>(name, "");

    /// <param name="name">The part's name.</param>
    /// <param name="options">As in the neutral setting of the metadata: <c>alpha: 1, gamma: 0</c>.</param>
    public static T Create<T>(string name, string options)
        where T : IPart
    {
        PartFactory factory = Factory(name, typeof(T));
        return (T)factory.CreatePart(Options(factory.Metadata.Options, options));
    }

    /// <param name="name">The part's name.</param>
    /// <param name="options">Properties and their values.</param>
    public static T Create<T>(string name, params (string Property, object Value)[] options)
        where T : IPart => (T)Factory(name, typeof(T)).CreatePart(Options(name, typeof(T), options));

    public static object Options(string name, Type point, params (string Property, object Value)[] options)
    {
        Type type = Factory(name, point).Metadata.Options;
        object record = Activator.CreateInstance(type)!;
        foreach ((string property, object value) in options) Set(type.GetProperty(property)!, record, value);
        return record;
    }

    public static object Options(Type type, string text)
    {
        object options = Activator.CreateInstance(type)!;
        foreach (string[] pair in text.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(entry => entry.Split(": ")))
        {
            PropertyInfo property =
                type.GetProperties().Single(candidate => candidate.Name.Equals(pair[0].Replace("-", ""), StringComparison.OrdinalIgnoreCase));
            Set(property, options, Parse(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType, pair[1]));
        }

        return options;
    }

    private static PartFactory Factory(string name, Type point) => All.Single(part => part.Point == point && part.Metadata.Name == name);

    private static void Set(PropertyInfo property, object options, object? value) =>
        property.SetValue(options, property.PropertyType == typeof(Schedule) && value is double constant ? (Schedule)constant : value);

    private static object? Parse(Type type, string text) => text switch
    {
        "none" => null,
        _ when type.IsEnum => Enum.Parse(type, text.Replace("-", ""), ignoreCase: true),
        _ when type == typeof(Schedule) => double.Parse(text, CultureInfo.InvariantCulture),
        _ => Convert.ChangeType(text, type, CultureInfo.InvariantCulture),
    };
}
