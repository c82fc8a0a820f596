using System.Text;

namespace Ctc.Experiments.Files;

/// <summary>Files that exist whole or not at all: written under another name, flushed to the disk, then renamed.</summary>
public static class WholeFile
{
    /// <summary>Writes or replaces a file.</summary>
    /// <param name="path">A path in an existing folder.</param>
    /// <param name="write">Writes the content to a stream that can seek.</param>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        string aside = path + ".new";
        using (var stream = new FileStream(aside, FileMode.Create, FileAccess.ReadWrite))
        {
            write(stream);
            stream.Flush(flushToDisk: true);
        }

        File.Move(aside, path, overwrite: true);
    }

    /// <summary>Writes or replaces a file.</summary>
    /// <param name="path">A path in an existing folder.</param>
    /// <param name="bytes">The content.</param>
    public static void Write(string path, byte[] bytes) => Write(path, stream => stream.Write(bytes));

    /// <summary>Writes or replaces a text file, in UTF-8.</summary>
    /// <param name="path">A path in an existing folder.</param>
    /// <param name="text">The content.</param>
    public static void Write(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text));
}
