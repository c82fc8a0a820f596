using System.Runtime.InteropServices;

namespace Ctc.Engine.Outputs;

/// <summary>Advice to Linux about ranges of memory. Without effect on other systems and on failure.</summary>
internal static partial class LargePages
{
    private const nint LargePage = 2 << 20;
    private const int UseHugePages = 14, DoNotNeed = 4; // MADV_HUGEPAGE and MADV_DONTNEED of madvise(2)

    /// <summary>
    /// Requests pages of 2 MiB for the whole ones in a range that will be written next. A new page of 4 KiB takes longer to map than to fill.
    /// </summary>
    /// <param name="start">The first byte.</param>
    /// <param name="bytes">The length.</param>
    public static void Request(nint start, long bytes) => Advise(start, bytes, LargePage, UseHugePages);

    /// <summary>Gives the whole pages of a range back to the system: their contents are lost.</summary>
    /// <inheritdoc cref="Request"/>
    public static void GiveBack(nint start, long bytes) => Advise(start, bytes, Environment.SystemPageSize, DoNotNeed);

    private static void Advise(nint start, long bytes, nint page, int advice)
    {
        nint first = (start + page - 1) & -page, end = (nint)(start + bytes) & -page;
        if (OperatingSystem.IsLinux() && end > first) _ = Advise(first, end - first, advice);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint start, nint length, int advice);
}
