using System.Runtime.InteropServices;

namespace Ctc.Engine.Recursions.Fused.Memory;

/// <summary>Requests pages of 2 MiB from Linux for memory that will be written next. A new page of 4 KiB takes longer to map than to fill.</summary>
internal static partial class LargePages
{
    private const nint PageSize = 2 << 20;
    private const int UseHugePages = 14; // MADV_HUGEPAGE of madvise(2)

    /// <summary>Requests them for the whole pages in a range of bytes. Without effect on other systems and on failure.</summary>
    public static void Request(nint start, long bytes)
    {
        nint first = (start + PageSize - 1) & -PageSize, end = (nint)(start + bytes) & -PageSize;
        if (OperatingSystem.IsLinux() && end > first) _ = Advise(first, end - first, UseHugePages);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint start, nint length, int advice);
}
