using System.Text;
using System.Text.Unicode;

namespace Ctc.Experiments.Files;

/// <summary>Reads text files line by line: UTF-8, with or without a byte order mark, ended as on any system.</summary>
internal static class TextLines
{
    /// <summary>All lines, each with "file:number", as messages begin.</summary>
    /// <param name="file">A path.</param>
    /// <param name="refused">Receives lines that are no UTF-8; null, the default, if the first such line ends the reading.</param>
    /// <exception cref="InvalidDataException">The file cannot be read, or is no UTF-8.</exception>
    public static IEnumerable<(string Where, string Text)> Load(string file, Refusals? refused = null)
    {
        ReadOnlyMemory<byte> rest = Bytes(file);
        if (rest.Span.StartsWith(Encoding.UTF8.Preamble)) rest = rest[Encoding.UTF8.Preamble.Length..];
        for (int number = 1; rest.Length > 0; number++)
        {
            int end = rest.Span.IndexOf((byte)'\n');
            ReadOnlyMemory<byte> line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            string where = $"{file}:{number}";
            if (!Utf8.IsValid(line.Span))
            {
                string sentence = $"{where} holds bytes that are no UTF-8; expected text in UTF-8.";
                if (refused is null) throw new InvalidDataException(sentence);
                refused.Add(sentence);
                continue;
            }

            string text = Encoding.UTF8.GetString(line.Span);
            yield return (where, text.EndsWith('\r') ? text[..^1] : text);
        }
    }

    private static byte[] Bytes(string file)
    {
        try
        {
            return File.ReadAllBytes(file);
        }
        catch (Exception e) when (Unreadable.Is(e))
        {
            throw Unreadable.File(file, e);
        }
    }
}
