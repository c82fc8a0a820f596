using Ctc.Cli.Processes;

namespace Ctc.Cli.Commands.Cache;

/// <summary>The folder in which features of images, digests of files and the options of parts are kept for later commands.</summary>
internal static class CacheFolder
{
    /// <summary>The environment variable that names the folder; <c>none</c> for no cache.</summary>
    public const string Variable = "CTC_CACHE";

    private const string Off = "none", Name = "ctc", Digests = "digests", Parts = "parts";

    /// <summary>The folder of this process: that of the variable, or <c>ctc</c> in the system's folder for caches.</summary>
    /// <returns>An absolute path; null if there is no cache.</returns>
    public static string? Find()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given) return given == Off ? null : StartFolder.Resolve(given);
        return OfTheSystem() is { Length: > 0 } system ? Path.Combine(system, Name) : null;
    }

    /// <summary>The file of the digests.</summary>
    /// <param name="folder">The folder of the cache.</param>
    public static string DigestsIn(string folder) => Path.Combine(folder, Digests);

    /// <summary>The file of what a look at parts found.</summary>
    /// <param name="folder">The folder of the cache.</param>
    public static string PartsIn(string folder) => Path.Combine(folder, Parts);

    // XDG Base Directory Specification: a relative path is ignored.
    private static string? OfTheSystem()
    {
        if (Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { } xdg && Path.IsPathFullyQualified(xdg)) return xdg;
        if (OperatingSystem.IsWindows()) return Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (home.Length == 0) return null;
        return OperatingSystem.IsMacOS() ? Path.Combine(home, "Library", "Caches") : Path.Combine(home, ".cache");
    }
}
