using System.Runtime.InteropServices;

namespace Ctc.Cli.Commands.Bench;

/// <summary>What this process has used since its start: time in the system's kernel, of all threads, and page faults.</summary>
/// <param name="SystemMs">Milliseconds in the kernel: above all for memory, and for threads.</param>
/// <param name="Faults">Pages that the kernel made accessible; 0 where the system does not count them.</param>
internal readonly partial record struct ProcessUsage(double SystemMs, long Faults)
{
    /// <summary>Reads the usage.</summary>
    public static ProcessUsage Read()
    {
        if (!OperatingSystem.IsLinux()) return new(Environment.CpuUsage.PrivilegedTime.TotalMilliseconds, 0);
        _ = GetUsage(OwnProcess, out Usage usage);
        return new((usage.SystemSeconds * 1e3) + (usage.SystemMicroseconds / 1e3), usage.MinorFaults + usage.MajorFaults);
    }

    /// <summary>Returns what was used since an earlier reading.</summary>
    public ProcessUsage Since(ProcessUsage before) => new(SystemMs - before.SystemMs, Faults - before.Faults);

    private const int OwnProcess = 0; // RUSAGE_SELF of getrusage(2)

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int GetUsage(int whose, out Usage usage);

    [StructLayout(LayoutKind.Explicit, Size = 144)]
    private struct Usage
    {
        [FieldOffset(16)]
        public long SystemSeconds;

        [FieldOffset(24)]
        public long SystemMicroseconds;

        [FieldOffset(64)]
        public long MinorFaults;

        [FieldOffset(72)]
        public long MajorFaults;
    }
}
