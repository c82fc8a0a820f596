namespace Ctc.Cli.Processes;

/// <summary>The folder in which the command was started. Relative paths start there, even if a plugin changes the current folder later.</summary>
internal static class StartFolder
{
    private static string? recorded;

    /// <summary>Gets the absolute path: the current folder if none was recorded.</summary>
    public static string Current => recorded ?? Environment.CurrentDirectory;

    /// <summary>Records the current folder, before any plugin is loaded. Without it, relative paths and native libraries fail.</summary>
    /// <exception cref="InvalidDataException">The current folder was deleted.</exception>
    public static void Record()
    {
        try
        {
            recorded = Environment.CurrentDirectory;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException("The current folder does not exist any more; expected a folder that does.", failure);
        }
    }

    /// <summary>An absolute path.</summary>
    /// <param name="path">A path as on the command line; empty stays empty.</param>
    public static string Resolve(string path) => path.Length == 0 ? "" : Path.GetFullPath(path, Current);

    /// <summary>A path as it is printed, relative to the folder.</summary>
    /// <param name="path">An absolute path.</param>
    public static string Relative(string path) => Path.GetRelativePath(Current, path);
}
