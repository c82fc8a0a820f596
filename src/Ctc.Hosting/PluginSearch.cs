namespace Ctc.Hosting;

/// <summary>Where plugins are looked for. Never in the working directory.</summary>
public static class PluginSearch
{
    /// <summary>The places in their order: <c>plugins</c> beside the executable, then further ones, then those of an experiment.</summary>
    /// <param name="further">DLLs or folders, separated as in PATH; null or empty for none. The command reads them from an environment variable.</param>
    /// <param name="fromExperiment">DLLs or folders.</param>
    /// <returns>Paths, existing or not.</returns>
    public static IReadOnlyList<string> Places(string? further, IEnumerable<string> fromExperiment)
    {
        string beside = Path.Combine(AppContext.BaseDirectory, "plugins");
        string[] named = (further ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return [.. Directory.Exists(beside) ? [beside] : Array.Empty<string>(), .. named, .. fromExperiment];
    }

    /// <summary>
    /// The DLLs that a place stands for: itself; or, in a folder Name with Name.dll, that; or, in a folder of such folders, theirs.
    /// </summary>
    /// <param name="place">A DLL, a plugin's folder, or a folder of plugins' folders.</param>
    /// <returns>Paths of DLLs, sorted; or the place itself where nothing is found, so that it can be reported.</returns>
    public static IReadOnlyList<string> Candidates(string place)
    {
        if (!Directory.Exists(place)) return [place];
        if (Main(place) is { } main) return [main];
        string[] below = [.. Directory.EnumerateDirectories(place).Where(IsVisible).Order(StringComparer.Ordinal).Select(folder => Main(folder) ?? folder)];
        return below.Length > 0 ? below : [place];
    }

    private static bool IsVisible(string folder) => !Path.GetFileName(folder).StartsWith('.');

    private static string? Main(string folder)
    {
        string main = Path.Combine(folder, Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))) + ".dll");
        return File.Exists(main) ? main : null;
    }
}
