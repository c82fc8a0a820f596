using System.Text;

namespace Ctc.Experiments.Files;

/// <summary>Files that exist whole or not at all: written under another name, flushed to the disk, then renamed.</summary>
internal static class WholeFile
{
    /// <summary>Writes or replaces a file.</summary>
    public static void Write(string path, Action<Stream> write)
    {
        string aside = path + ".new";
        using (var stream = new FileStream(aside, FileMode.Create, FileAccess.ReadWrite))
        {
            write(stream);
            stream.Flush(flushToDisk: true);
        }

        File.Move(aside, path, overwrite: true);
    }

    /// <inheritdoc cref="Write(string, Action{Stream})"/>
    public static void Write(string path, byte[] bytes) => Write(path, stream => stream.Write(bytes));

    /// <inheritdoc cref="Write(string, Action{Stream})"/>
    public static void Write(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text));
}
