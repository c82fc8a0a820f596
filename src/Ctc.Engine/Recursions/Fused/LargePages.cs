using System.Runtime.InteropServices;

namespace Ctc.Engine.Recursions.Fused;

/// <summary>Asks Linux to back memory that is about to be written with pages of 2 MiB. A fresh page of 4 KiB takes longer to get than to fill.</summary>
internal static partial class LargePages
{
    private const nint PageSize = 2 << 20;
    private const int UseHugePages = 14; // MADV_HUGEPAGE of madvise(2)

    /// <summary>Asks for the whole pages among some bytes. Where that cannot be, nothing happens.</summary>
    public static void Ask(nint start, long bytes)
    {
        nint first = (start + PageSize - 1) & -PageSize, end = (nint)(start + bytes) & -PageSize;
        if (OperatingSystem.IsLinux() && end > first) _ = Advise(first, end - first, UseHugePages);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint start, nint length, int advice);
}
