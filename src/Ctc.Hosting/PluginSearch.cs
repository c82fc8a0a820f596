namespace Ctc.Hosting;

/// <summary>The search paths of plugins. The working directory is never searched.</summary>
public static class PluginSearch
{
    /// <summary>The places in their order: <c>plugins</c> beside the executable, then further ones, then those of an experiment.</summary>
    /// <param name="further">
    /// DLLs or folders, separated as in PATH; null or empty for none. The command reads them from an environment variable.
    /// </param>
    /// <param name="fromExperiment">DLLs or folders.</param>
    /// <returns>Paths, existing or not.</returns>
    public static IReadOnlyList<string> Places(string? further, IEnumerable<string> fromExperiment)
    {
        string beside = Path.Combine(AppContext.BaseDirectory, "plugins");
        string[] named = (further ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return [.. Directory.Exists(beside) ? [beside] : Array.Empty<string>(), .. named, .. fromExperiment];
    }

    /// <summary>
    /// Resolves a place to DLLs: a DLL to itself; a plugin's folder to Name/Name.dll, otherwise to the only DLL with parts; a folder of such
    /// folders to the DLLs of each.
    /// </summary>
    /// <param name="place">A DLL, a plugin's folder, or a folder of plugins' folders, as a folder with a subfolder Name/Name.dll is.</param>
    /// <returns>Paths of DLLs, sorted; or the folder itself if it has none or several, so that it can be reported.</returns>
    public static IReadOnlyList<string> Candidates(string place)
    {
        if (!Directory.Exists(place)) return [place];
        if (Named(place) is { } main) return [main];
        string[] below = [.. Directory.EnumerateDirectories(place).Where(IsVisible).Order(StringComparer.Ordinal)];
        bool isOfPlugins = below.Any(folder => Named(folder) is not null);
        if (!isOfPlugins && PartDlls.In(place) is { Count: > 0 } dlls) return dlls is [var only] ? [only] : [place];
        return below.Length > 0 ? [.. below.Select(folder => Named(folder) ?? (PartDlls.In(folder) is [var only] ? only : folder))] : [place];
    }

    /// <summary>The reason why a folder is not a plugin.</summary>
    /// <param name="folder">A folder among the candidates.</param>
    internal static string Fault(string folder)
    {
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)) + ".dll";
        return PartDlls.In(folder) is { Count: > 1 } several
            ? $"the folder holds several DLLs with parts: {string.Join(", ", several.Select(Path.GetFileName))}; expected one, or {name}"
            : $"the folder holds no DLL with parts; expected {name}, or one of any name";
    }

    private static bool IsVisible(string folder) => !Path.GetFileName(folder).StartsWith('.');

    private static string? Named(string folder)
    {
        string main = Path.Combine(folder, Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))) + ".dll");
        return File.Exists(main) ? main : null;
    }
}
