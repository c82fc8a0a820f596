using System.Security.Cryptography;

namespace Ctc.Hosting;

/// <summary>All plugins found. A plugin that cannot be used does not affect the others.</summary>
public sealed class PluginCatalog
{
    // The digest of all files is computed only for a DLL that is found a second time.
    private static readonly EqualityComparer<PluginFile> SameFiles = EqualityComparer<PluginFile>.Create(
        (one, other) => one!.Sha256 == other!.Sha256 && one.Digest == other.Digest, file => file.Sha256.GetHashCode(StringComparison.Ordinal));

    private PluginCatalog(IReadOnlyList<Plugin> plugins) => Plugins = plugins;

    /// <summary>Gets the plugins in the order in which they were found.</summary>
    public IReadOnlyList<Plugin> Plugins { get; }

    /// <summary>Loads the plugins at the given places, as far as the list beside the executable allows them. No part is created.</summary>
    /// <param name="places">
    /// DLLs, plugins' folders, or folders of plugins' folders. A DLL that is found twice with the same files beside it counts once.
    /// </param>
    /// <returns>A plugin for each candidate.</returns>
    /// <exception cref="PluginException">The allow-list cannot be used.</exception>
    public static PluginCatalog Discover(IEnumerable<string> places) => Discover(places, PluginAllowList.Load());

    /// <summary>Loads the plugins at the given places. No part is created.</summary>
    /// <param name="places">
    /// DLLs, plugins' folders, or folders of plugins' folders. A DLL that is found twice with the same files beside it counts once.
    /// </param>
    /// <param name="allowed">The lists in which every file of a plugin must be; with none, every plugin is loaded.</param>
    /// <returns>A plugin for each candidate.</returns>
    public static PluginCatalog Discover(IEnumerable<string> places, IReadOnlyList<PluginAllowList> allowed) => Discover(places, allowed, null);

    /// <inheritdoc cref="Discover(IEnumerable{string}, IReadOnlyList{PluginAllowList})"/>
    /// <param name="places">DLLs, plugins' folders, or folders of plugins' folders.</param>
    /// <param name="allowed">The lists in which every file of a plugin must be.</param>
    /// <param name="watch">Observes the load of the plugins and the creation of their parts; null if nothing does.</param>
    internal static PluginCatalog Discover(IEnumerable<string> places, IReadOnlyList<PluginAllowList> allowed, PluginWatch? watch)
    {
        var seen = new HashSet<PluginFile>(SameFiles);
        IEnumerable<Plugin> found = places.SelectMany(place => Find(place, allowed, watch));
        return new PluginCatalog([.. found.Where(plugin => plugin.File is null || seen.Add(plugin.File))]);
    }

    private static IEnumerable<Plugin> Find(string place, IReadOnlyList<PluginAllowList> allowed, PluginWatch? watch)
    {
        try
        {
            return [.. PluginSearch.Candidates(place).Select(path => Load(path, allowed, watch))];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [new Plugin(place, null, [], RootCause.Describe(failure))];
        }
    }

    private static Plugin Load(string path, IReadOnlyList<PluginAllowList> allowed, PluginWatch? watch)
    {
        PluginFile? file = null;
        try
        {
            path = Path.GetFullPath(Path.TrimEndingDirectorySeparator(path));
            if (Directory.Exists(path)) throw new PluginException(PluginSearch.Fault(path));
            if (!File.Exists(path)) throw new PluginException("there is no such file or folder");
            byte[] bytes = RegularFile.ReadAllBytes(path);
            foreach (PluginAllowList list in allowed) list.Admit(path, bytes);
            var content = new PluginContent(path);
            file = new PluginFile(path, ContractGate.Admit(bytes).ToString(), Convert.ToHexStringLower(SHA256.HashData(bytes)))
            {
                LazyFiles = new(content.Record),
            };
            var context = new PluginLoadContext(path, allowed, content);
            IReadOnlyList<PartFactory> parts = new PluginComposition(context.Load(bytes), file, watch).Factories();
            watch?.Loaded?.Invoke();
            return new Plugin(path, file, parts, null)
            {
                Unused = context.Unused,
                Missing = new(() => context.MissingLibraries(bytes)),
                Unloadable = new(() => context.MissingAssemblies(bytes)),
            };
        }
        catch (Exception failure)
        {
            return new Plugin(path, file, [], RootCause.Describe(failure));
        }
    }
}
