using System.Text;

namespace Ctc.Experiments.Files;

/// <summary>Files that exist whole or not at all: written under another name, flushed to the disk, then renamed.</summary>
public static class WholeFile
{
    /// <summary>Writes or replaces a file. At most one process at a time writes it.</summary>
    /// <param name="path">A path in an existing folder.</param>
    /// <param name="write">Writes the content to a stream that can seek.</param>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        WriteBy(AsideOf(path), path, write);
    }

    /// <summary>Writes or replaces a text file, in UTF-8. Several processes may write it at the same time: the last one to finish prevails.</summary>
    /// <param name="path">A path in an existing folder.</param>
    /// <param name="text">The content.</param>
    public static void WriteShared(string path, string text) =>
        WriteBy(AsideOf($"{path}.{Guid.NewGuid():n}"), path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    /// <summary>The name under which a file is written first. A process that is killed may leave it behind.</summary>
    /// <param name="path">The path of the file.</param>
    internal static string AsideOf(string path) => path + ".new";

    /// <summary>Writes or replaces a file.</summary>
    /// <param name="path">A path in an existing folder.</param>
    /// <param name="bytes">The content.</param>
    public static void Write(string path, byte[] bytes) => Write(path, stream => stream.Write(bytes));

    /// <summary>Writes or replaces a text file, in UTF-8.</summary>
    /// <param name="path">A path in an existing folder.</param>
    /// <param name="text">The content.</param>
    public static void Write(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text));

    private static void WriteBy(string aside, string path, Action<Stream> write)
    {
        try
        {
            using (var stream = new FileStream(aside, FileMode.Create, FileAccess.ReadWrite))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(aside, path, overwrite: true);
        }
        catch
        {
            Discard(aside);
            throw;
        }
    }

    // On a full disk half a file would take the place that is missing.
    private static void Discard(string aside)
    {
        try
        {
            File.Delete(aside);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The first failure is the cause.
        }
    }
}
