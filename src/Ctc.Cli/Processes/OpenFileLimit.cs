using System.Globalization;

namespace Ctc.Cli.Processes;

/// <summary>The limit of the system on the open files of this process. Below it .NET reports assemblies as missing.</summary>
internal static class OpenFileLimit
{
    private const int Fewest = 256;

    /// <summary>Refuses a limit that is too low for .NET, libtorch and the plugins. On Linux only.</summary>
    /// <exception cref="IOException">The limit is too low.</exception>
    public static void Require()
    {
        if (File.Exists("/proc/self/limits") && Parse(File.ReadAllLines("/proc/self/limits")) is { } limit && limit < Fewest)
        {
            throw new IOException($"At most {limit} files may be open; expected at least {Fewest} (ulimit -n {Fewest}).");
        }
    }

    /// <summary>The soft limit, from the lines of /proc/self/limits; null if there is none.</summary>
    internal static int? Parse(IEnumerable<string> limits)
    {
        const string name = "Max open files";
        string? soft = limits.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?[name.Length..]
            .Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return int.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out int limit) ? limit : null;
    }
}
