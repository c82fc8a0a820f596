using System.Globalization;
using System.Reflection;
using Ctc.Engine.Hosting;

namespace Ctc.Plugins.Tests;

/// <summary>Parts as a user gets them: out of the DLLs beside the executable, by name, with options set by name.</summary>
internal static class DiscoveredPart
{
    private static readonly PluginCatalog Plugins = PluginCatalog.Discover([Path.Combine(AppContext.BaseDirectory, "plugins")]);

    public static IReadOnlyList<PartFactory> All { get; } = [.. Plugins.Plugins.SelectMany(plugin => plugin.Parts)];

    public static IReadOnlyList<Plugin> Found => Plugins.Plugins;

    /// <param name="name">The part's name.</param>
    /// <param name="options">As in the neutral setting of the metadata: <c>alpha: 1, gamma: 0</c>.</param>
    public static T Create<T>(string name, string options = "")
        where T : IPart
    {
        PartFactory factory = All.Single(part => part.Point == typeof(T) && part.Metadata.Name == name);
        return (T)factory.CreatePart(Options(factory.Metadata.Options, options));
    }

    public static object Options(Type type, string text)
    {
        object options = Activator.CreateInstance(type)!;
        foreach (string[] pair in text.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(entry => entry.Split(": ")))
        {
            PropertyInfo property = type.GetProperties().Single(candidate => candidate.Name.Equals(pair[0].Replace("-", ""), StringComparison.OrdinalIgnoreCase));
            property.SetValue(options, Parse(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType, pair[1]));
        }

        return options;
    }

    private static object? Parse(Type type, string text) => text switch
    {
        "none" => null,
        _ when type.IsEnum => Enum.Parse(type, text.Replace("-", ""), ignoreCase: true),
        _ => Convert.ChangeType(text, type, CultureInfo.InvariantCulture),
    };
}
