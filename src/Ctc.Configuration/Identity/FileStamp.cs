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

    /// <summary>Whether any later change of the file changes its stamp.</summary>
    /// <param name="now">The time at which reading the content began, after reading the stamp.</param>
    public bool IsReliable(DateTime now)
    {
        long latest = ((now - DateTime.UnixEpoch) - Settled).Ticks * 100;
        return Changed > 0 && Changed < latest && Written < latest;
    }

    // The structure statx of Linux is the same on every processor.
    private static FileStamp? Status(string path)
    {
        const int currentFolder = -100, basic = 0x7ff, length = 256;
        byte[] status = new byte[length];
        try
        {
            if (StatX(currentFolder, path, 0, basic, status) != 0) return null;
        }
        catch (EntryPointNotFoundException)
        {
            isUnavailable = true;
            return null;
        }

        const int node = 32, size = 40, changed = 96, written = 112;
        return new FileStamp(Whole(size), Time(written), Time(changed), (ulong)Whole(node));

        long Whole(int at) => BinaryPrimitives.ReadInt64LittleEndian(status.AsSpan(at));
        long Time(int at) => (Whole(at) * 1_000_000_000) + BinaryPrimitives.ReadUInt32LittleEndian(status.AsSpan(at + sizeof(long)));
    }

    [DllImport("libc", EntryPoint = "statx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int StatX(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, [Out] byte[] status);
}
