using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Ctc.Configuration.Identity;

/// <summary>The facts by which a change of a file is noticed without reading it. Those of a link are its target's.</summary>
/// <remarks>
/// The time of the last change of the inode (ctime) is what makes a stamp reliable: no program can set it, so that a copy or an edit that restores
/// length and modification time still has another one. It is known on Linux alone.
/// </remarks>
/// <param name="Length">In bytes; 0 for what is no regular file.</param>
/// <param name="Written">When the content was modified, in nanoseconds since 1970.</param>
/// <param name="Changed">When content, name or attributes changed, in nanoseconds since 1970; 0 if unknown.</param>
/// <param name="Node">The number of the inode; 0 if unknown.</param>
internal readonly record struct FileStamp(long Length, long Written, long Changed, ulong Node)
{
    // A file that is written twice within the resolution of its clock has one stamp: 2 s on the coarsest file system, and clocks of servers differ.
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(10);

    private static bool isUnavailable = !OperatingSystem.IsLinux();

    /// <summary>Reads the stamp of a file.</summary>
    /// <exception cref="IOException">There is no such file.</exception>
    public static FileStamp Read(string path)
    {
        if (!isUnavailable && Status(path) is { } status) return status;

        // Length and time of a link are those of its target.
        var file = new FileInfo(path);
        if (file.LinkTarget is not null) file = new FileInfo(file.ResolveLinkTarget(returnFinalTarget: true)!.FullName);
        return new FileStamp(file.Length, (file.LastWriteTimeUtc - DateTime.UnixEpoch).Ticks * 100, Changed: 0, Node: 0);
    }

    /// <summary>The stamp of a regular file that has content, by one call of the system.</summary>
    /// <returns>Null if there is none, or if the system does not tell: more calls then find out why.</returns>
    public static FileStamp? FindContent(string path) => !isUnavailable && Status(path, isContent: true) is { Length: > 0 } stamp ? stamp : null;

    /// <summary>Whether any later change of the file changes its stamp.</summary>
    /// <param name="now">The time at which reading the content began, after reading the stamp.</param>
    public bool IsReliable(DateTime now)
    {
        long latest = ((now - DateTime.UnixEpoch) - Settled).Ticks * 100;
        return Changed > 0 && Changed < latest && Written < latest;
    }

    // The structure statx of Linux is the same on every processor.
    private static FileStamp? Status(string path, bool isContent = false)
    {
        const int currentFolder = -100, basic = 0x7ff, length = 256;
        Span<byte> status = stackalloc byte[length];
        try
        {
            if (StatX(currentFolder, path, 0, basic, ref MemoryMarshal.GetReference(status)) != 0) return null;
        }
        catch (EntryPointNotFoundException)
        {
            isUnavailable = true;
            return null;
        }

        const int mode = 28, node = 32, size = 40, changed = 96, written = 112;
        const int kinds = 0xF000, regular = 0x8000;
        if (isContent && (BinaryPrimitives.ReadUInt16LittleEndian(status[mode..]) & kinds) != regular) return null;
        return new FileStamp(Whole(status, size), Time(status, written), Time(status, changed), (ulong)Whole(status, node));

        static long Whole(ReadOnlySpan<byte> status, int at) => BinaryPrimitives.ReadInt64LittleEndian(status[at..]);
        static long Time(ReadOnlySpan<byte> status, int at) =>
            (Whole(status, at) * 1_000_000_000) + BinaryPrimitives.ReadUInt32LittleEndian(status[(at + sizeof(long))..]);
    }

    [DllImport("libc", EntryPoint = "statx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int StatX(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, ref byte status);
}
