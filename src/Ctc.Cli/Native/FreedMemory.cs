using System.Runtime.InteropServices;

namespace Ctc.Cli.Native;

/// <summary>What the C library does with memory that libtorch frees.</summary>
/// <remarks>
/// By default glibc returns every large block to the operating system, and a training step requests the same blocks again: a page fault for each
/// page. With these settings it keeps them for the next step, so the process holds its peak until it ends. They have an effect in the main arena
/// only, that of the main thread.
/// </remarks>
internal static partial class FreedMemory
{
    private const int TrimThreshold = -1, MmapThreshold = -3; // M_TRIM_THRESHOLD and M_MMAP_THRESHOLD of mallopt(3)
    private const int Never = -1; // extended to the largest size

    /// <summary>Gets whether it is kept in this process.</summary>
    public static bool IsKept { get; private set; }

    /// <summary>Keeps it. Without effect where the C library is not glibc.</summary>
    /// <returns>Whether the settings are accepted.</returns>
    public static bool Keep()
    {
        if (!OperatingSystem.IsLinux()) return false;
        try
        {
            return IsKept = Set(MmapThreshold, Never) != 0 && Set(TrimThreshold, Never) != 0;
        }
        catch (Exception absent) when (absent is EntryPointNotFoundException or DllNotFoundException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int Set(int parameter, int value);
}
