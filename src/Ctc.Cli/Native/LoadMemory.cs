using System.Runtime.InteropServices;

namespace Ctc.Cli.Native;

/// <summary>Memory for the tables that libtorch builds while it is loaded: about 50 MB in small blocks.</summary>
/// <remarks>
/// In pages of 4 KiB that is 13,000 page faults, a third of the time of the load on a virtual machine. glibc has an option for large pages, which is
/// read from the environment before the process starts; so the heap is extended here, and the new part is marked for pages of 2 MiB.
/// </remarks>
internal static partial class LoadMemory
{
    private const int TopPad = -2; // M_TOP_PAD of mallopt(3)
    private const int DefaultTopPad = 128 << 10, Size = 64 << 20, LargePage = 2 << 20;
    private const int HugePages = 14; // MADV_HUGEPAGE of madvise(2)

    /// <summary>
    /// Extends the heap of the main thread. Without effect on other threads, and where <see cref="FreedMemory"/> is not kept: in another program than
    /// <c>ctc</c> the option would end the automatic choice of the size from which a block is mapped.
    /// </summary>
    public static void Prepare()
    {
        if (!FreedMemory.IsKept) return;
        try
        {
            nint start = Break(0);
            if (SetOption(TopPad, Size) == 0) return;
            Free(Allocate(LargePage));
            _ = SetOption(TopPad, DefaultTopPad);
            nint first = (start + LargePage - 1) / LargePage * LargePage, end = Break(0);
            if (end > first) _ = Advise(first, end - first, HugePages);
        }
        catch (Exception absent) when (absent is EntryPointNotFoundException or DllNotFoundException)
        {
            // The C library is another one.
        }
    }

    [LibraryImport("libc", EntryPoint = "sbrk")]
    private static partial nint Break(nint increment);

    [LibraryImport("libc", EntryPoint = "malloc")]
    private static partial nint Allocate(nint size);

    [LibraryImport("libc", EntryPoint = "free")]
    private static partial void Free(nint block);

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int parameter, int value);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint address, nint length, int advice);
}
