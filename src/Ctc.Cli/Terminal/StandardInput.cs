namespace Ctc.Cli.Terminal;

/// <summary>The standard input of this process.</summary>
internal static class StandardInput
{
    private const string Descriptors = "/proc/self/fd", Details = "/proc/self/fdinfo";

    /// <summary>Returns whether the process was started without standard input, as by <c>&lt;&amp;-</c> in a shell.</summary>
    /// <remarks>
    /// Its descriptor is then free, and the runtime gets it for a pipe from itself to itself, on which reading blocks for ever. Of a pipe from
    /// another program this process has no end to write to. Known on Linux only; false elsewhere.
    /// </remarks>
    public static bool IsClosed()
    {
        if (!OperatingSystem.IsLinux() || !Directory.Exists(Descriptors)) return false;
        string own = Path.Combine(Descriptors, "0");
        return Target(own) switch
        {
            null => true,
            var pipe when pipe.Contains("pipe:", StringComparison.Ordinal) =>
                Directory.EnumerateFileSystemEntries(Descriptors).Any(other => Target(other) == pipe && IsForWriting(Path.GetFileName(other))),
            _ => false,
        };
    }

    // The access mode is the last octal digit of a line such as "flags: 0100001": O_WRONLY is 1.
    private static bool IsForWriting(string descriptor)
    {
        try
        {
            return File.ReadLines(Path.Combine(Details, descriptor))
                .Any(line => line.StartsWith("flags:", StringComparison.Ordinal) && line.EndsWith('1'));
        }
        catch (IOException)
        {
            return false;
        }
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
