namespace Ctc.Engine.Hosting;

/// <summary>The parts at hand, by extension point and name.</summary>
public sealed class PartCatalog
{
    private readonly ILookup<(Type Point, string Name), PartFactory> byName;

    /// <summary>Holds parts.</summary>
    /// <param name="parts">Of all extension points. Two of one name at one point make that name unusable.</param>
    public PartCatalog(IEnumerable<PartFactory> parts)
    {
        All = [.. parts];
        byName = All.ToLookup(part => (part.Point, part.Metadata.Name));
    }

    /// <summary>Gets all parts, ambiguous ones included.</summary>
    public IReadOnlyList<PartFactory> All { get; }

    /// <summary>Finds a part.</summary>
    /// <param name="point">The extension point.</param>
    /// <param name="name">As in an experiment.</param>
    /// <returns>The only part of that name at that point.</returns>
    /// <exception cref="PluginException">There is none, or there are several; the message names the nearest or all.</exception>
    public PartFactory Find(Type point, string name)
    {
        PartFactory[] found = [.. byName[(point, name)]];
        return found.Length switch
        {
            1 => found[0],
            0 => throw new PluginException(
                $"no {ExtensionPoint.Of(point).Noun} '{name}' was found; {NearestName.Suggest(name, All.Where(part => part.Point == point).Select(part => part.Metadata.Name))}"),
            _ => throw new PluginException(
                $"the {ExtensionPoint.Of(point).Noun} '{name}' is ambiguous: {string.Join(" and ", found.Select(part => part.Origin?.Path ?? "the engine"))} both bring one"),
        };
    }
}
