using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Ctc.Cli.Tests;

/// <summary>Signals and lists processes by id, without kill and ps, which are not installed on every machine.</summary>
internal static class OtherProcess
{
    private const int Terminate = 15; // SIGTERM

    /// <summary>Requests that a process ends, as Ctrl+C or a scheduler does.</summary>
    public static void RequestEnd(int process) => Assert.That(Signal(process, Terminate), Is.Zero);

    /// <summary>Ends a process that may have ended already.</summary>
    public static void Kill(int process)
    {
        try
        {
            using var running = Process.GetProcessById(process);
            running.Kill();
        }
        catch (Exception failure) when (failure is ArgumentException or InvalidOperationException)
        {
            // It has ended.
        }
    }

    /// <summary>The child processes of a process that still exist.</summary>
    public static int[] Children(int parent) =>
    [
        .. Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out int process) ? process : 0)
            .Where(process => process > 0 && Status(process, "PPid") == parent.ToString(CultureInfo.InvariantCulture)),
    ];

    /// <summary>Whether a process runs. A zombie does not run.</summary>
    public static bool Lives(int process) => Status(process, "State") is { } state && !state.StartsWith('Z');

    private static string? Status(int process, string field)
    {
        try
        {
            string start = field + ":";
            return File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith(start, StringComparison.Ordinal))[start.Length..].Trim();
        }
        catch (Exception failure) when (failure is IOException or InvalidOperationException)
        {
            return null; // it has ended
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int process, int signal);
}
