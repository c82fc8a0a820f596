namespace Ctc.Hosting;

/// <summary>Admits the native libraries of a plugin under its allow-lists.</summary>
/// <remarks>
/// A native library makes the loader of the system load others, of which the host sees nothing. So, where there is a list, the first native library
/// is loaded only if all native libraries in the plugin's folder are in it, and if none of them names a place outside that folder. Libraries that
/// are named without a folder and are not in the plugin's folder are those of the system.
/// </remarks>
/// <param name="folder">The plugin's folder.</param>
/// <param name="allowed">The lists in which each of its files must be.</param>
internal sealed class NativeAdmission(string folder, IReadOnlyList<PluginAllowList> allowed)
{
    private const string Origin = "$ORIGIN", BracedOrigin = "${ORIGIN}";

    private static readonly EnumerationOptions Everything = new()
    {
        RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false,
    };

    private readonly string root = Path.GetFullPath(folder);

    /// <summary>Admits a library and all others beside it.</summary>
    /// <param name="library">The path of an existing file.</param>
    /// <exception cref="PluginException">One of them is not in a list, or can load a file that is in none.</exception>
    public void Admit(string library)
    {
        if (allowed.Count == 0) return;
        if (!Holds(library))
        {
            throw new PluginException($"the native library {library} is outside the plugin's folder; with an allow-list it is not loaded");
        }

        AdmitFile(library);
        string? link = Directory.EnumerateDirectories(root, "*", Everything).FirstOrDefault(below => new DirectoryInfo(below).LinkTarget is not null);
        if (link is not null) throw new PluginException($"{link} is a link to a folder; with an allow-list no native library is loaded beside it");
        foreach (string file in Directory.EnumerateFiles(root, "*", Everything).Where(IsNative).Order(StringComparer.Ordinal)) AdmitFile(file);
    }

    /// <summary>Whether a path is in the plugin's folder.</summary>
    /// <param name="path">A path.</param>
    public bool Holds(string path) =>
        Path.GetFullPath(path).StartsWith(Path.TrimEndingDirectorySeparator(root) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    // By the first bytes: the loader ignores the name.
    private static bool IsNative(string file)
    {
        if (RegularFile.IsHollow(file)) return false;
        Span<byte> first = stackalloc byte[6];
        using FileStream stream = File.OpenRead(file);
        stream.ReadAtLeast(first, first.Length, throwOnEndOfStream: false);
        return OperatingSystem.IsWindows() ? first.StartsWith("MZ"u8)
            : OperatingSystem.IsMacOS() ? first[..4] is [0xcf or 0xce, 0xfa, 0xed, 0xfe] or [0xca, 0xfe, 0xba, 0xbe]
            : ElfDependencies.IsElf(first);
    }

    private void AdmitFile(string file)
    {
        byte[] bytes = RegularFile.ReadAllBytes(file);
        foreach (PluginAllowList list in allowed) list.Admit(file, bytes);
        if (!ElfDependencies.IsElf(bytes)) return;
        try
        {
            var dependencies = ElfDependencies.Parse(bytes);
            foreach (string path in dependencies.Libraries.Where(name => name.Contains('/')).Concat(dependencies.Folders))
            {
                string inFolder = path.Replace(BracedOrigin, Origin, StringComparison.Ordinal);
                bool isInside = inFolder.StartsWith(Origin, StringComparison.Ordinal)
                    && Holds(Path.Join(Path.GetDirectoryName(file), inFolder[Origin.Length..], "x"));
                if (!isInside) throw new PluginException($"it has libraries searched at '{path}'; expected places in its folder");
            }
        }
        catch (PluginException refusal)
        {
            throw new PluginException($"{Path.GetFileName(file)} is not loaded with an allow-list: {refusal.Message}", refusal);
        }
    }
}
