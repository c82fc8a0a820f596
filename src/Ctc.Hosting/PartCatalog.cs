using Microsoft.Extensions.DependencyInjection;

namespace Ctc.Hosting;

/// <summary>The registered parts, by extension point and name.</summary>
/// <param name="services">Provides the parts; registered by <see cref="CtcServices.AddCtcParts"/>. It must outlive the catalog.</param>
public sealed class PartCatalog(IServiceProvider services)
{
    /// <summary>Gets a catalog without parts.</summary>
    public static PartCatalog Empty { get; } = new(new ServiceCollection().BuildServiceProvider());

    /// <summary>Gets all parts, ambiguous ones included.</summary>
    public IReadOnlyList<PartFactory> All { get; } = [.. services.GetServices<PartFactory>()];

    /// <summary>Resolves a part. The part itself is not created.</summary>
    /// <param name="point">The interface of the extension point.</param>
    /// <param name="name">As in an experiment.</param>
    /// <returns>The only part of that name at that point.</returns>
    /// <exception cref="PluginException">There is none, or there are several; the message names the nearest or all.</exception>
    public PartFactory Find(Type point, string name)
    {
        Type service = typeof(PartFactory<>).MakeGenericType(point);
        return (PartFactory?)((IKeyedServiceProvider)services).GetKeyedService(service, name)
            ?? throw new PluginException(
                $"no {ExtensionPoint.From(point).Noun} '{name}' was found; "
                + (Elsewhere(name) ?? NearestName.Suggest(name, All.Where(part => part.Point == point).Select(part => part.Metadata.Name))))
            {
                MissingPart = name,
            };
    }

    // A part that exists at other extension points.
    private string? Elsewhere(string name)
    {
        ExtensionPoint[] points =
            [.. All.Where(part => part.Metadata.Name == name).Select(part => ExtensionPoint.From(part.Point)).DistinctBy(point => point.Key)];
        return points.Length == 0
            ? null
            : $"'{name}' is of another kind: {string.Join(", ", points.Select(point => $"{point.Noun}, under the key {point.Key}"))}";
    }

    /// <summary>The only part of a name that is registered.</summary>
    /// <exception cref="PluginException">There are several.</exception>
    internal static PartFactory Only(IServiceProvider services, Type point, string name)
    {
        PartFactory[] found = [.. services.GetServices<PartFactory>().Where(part => part.Point == point && part.Metadata.Name == name)];
        if (found is [var only]) return only;
        string origins = string.Join(", ", found.Select(part => part.Origin?.Path ?? "the engine"));
        throw new PluginException($"the {ExtensionPoint.From(point).Noun} '{name}' is ambiguous; each of these has one: {origins}");
    }
}
