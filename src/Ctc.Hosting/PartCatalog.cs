namespace Ctc.Hosting;

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
        if (found.Length == 1) return found[0];

        string noun = ExtensionPoint.Of(point).Noun;
        throw new PluginException(found.Length == 0
            ? $"no {noun} '{name}' was found; {NearestName.Suggest(name, All.Where(part => part.Point == point).Select(part => part.Metadata.Name))}"
            : $"the {noun} '{name}' is ambiguous; each of these brings one: {string.Join(", ", found.Select(part => part.Origin?.Path ?? "the engine"))}");
    }
}
