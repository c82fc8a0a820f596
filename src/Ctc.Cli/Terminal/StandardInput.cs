namespace Ctc.Cli.Terminal;

/// <summary>The standard input of this process.</summary>
internal static class StandardInput
{
    private const string Descriptors = "/proc/self/fd";

    /// <summary>Returns whether the process was started without standard input, as by <c>&lt;&amp;-</c> in a shell.</summary>
    /// <remarks>
    /// Its descriptor is then free, and the runtime gets it for a pipe from itself to itself, on which reading blocks for ever. A pipe from another
    /// program has its other end there. Known on Linux only; false elsewhere.
    /// </remarks>
    public static bool IsClosed()
    {
        if (!OperatingSystem.IsLinux() || !Directory.Exists(Descriptors)) return false;
        string own = Path.Combine(Descriptors, "0");
        return Target(own) switch
        {
            null => true,
            var pipe when pipe.Contains("pipe:", StringComparison.Ordinal) =>
                Directory.EnumerateFileSystemEntries(Descriptors).Any(other => other != own && Target(other) == pipe),
            _ => false,
        };
    }

    // Null if the descriptor is not open.
    private static string? Target(string descriptor)
    {
        try
        {
            return new FileInfo(descriptor).LinkTarget;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
