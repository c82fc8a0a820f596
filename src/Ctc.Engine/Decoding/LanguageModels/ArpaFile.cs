using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Ctc.Engine.Decoding.LanguageModels;

/// <summary>Back-off n-gram models in the ARPA format, which SRILM, KenLM, IRSTLM and others write.</summary>
/// <remarks>
/// Logarithms in the file have base 10, and −99 or less means probability 0. The context of every n-gram must be an n-gram of the file. Source: the
/// manual page ngram-format(5) of SRILM.
/// </remarks>
public static class ArpaFile
{
    /// <summary>The logarithm, of base 10, that stands for probability 0.</summary>
    internal const double Never = -99;

    private static readonly double Ln10 = Math.Log(10);

    /// <summary>Reads a model.</summary>
    /// <param name="path">An ARPA file; compressed with gzip if it starts as such a file does.</param>
    /// <returns>The model.</returns>
    /// <exception cref="InvalidDataException">The file cannot be read, or is damaged; the message names the line.</exception>
    public static NGramModel Read(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            bool isCompressed = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
            file.Position = 0;
            using Stream content = isCompressed ? new GZipStream(file, CompressionMode.Decompress) : file;
            return new ArpaReader(new ByteLines(content, path)).Read();
        }
        catch (InvalidDataException fault) when (fault.Message.StartsWith(path, StringComparison.Ordinal))
        {
            throw;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            string reason = Directory.Exists(path) ? "it is a folder; expected a file." : fault.Message;
            throw new InvalidDataException($"{path} cannot be read: {reason}", fault);
        }
    }

    /// <summary>Reads a model from text that is not compressed.</summary>
    /// <param name="content">The text in UTF-8.</param>
    /// <param name="name">The name of the text in messages.</param>
    /// <returns>The model.</returns>
    /// <exception cref="InvalidDataException">The text is damaged; the message names the line.</exception>
    public static NGramModel Read(Stream content, string name) => new ArpaReader(new ByteLines(content, name)).Read();

    /// <summary>Writes a model, with ten digits for each number.</summary>
    /// <param name="model">The model.</param>
    /// <param name="to">Receives text in UTF-8; it stays open.</param>
    public static void Write(NGramModel model, Stream to)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var text = new StreamWriter(to, new UTF8Encoding(false), 1 << 16, leaveOpen: true) { NewLine = "\n" };
        text.WriteLine("\\data\\");
        for (int order = 1; order <= model.Order; order++) text.WriteLine($"ngram {order}={model.Counts[order - 1]}");
        for (int order = 1; order <= model.Order; order++)
        {
            text.WriteLine($"\n\\{order}-grams:");
            WriteBelow(model, NGramTrie.Root, "", order, order, text);
        }

        text.WriteLine("\n\\end\\");
    }

    private static void WriteBelow(NGramModel model, int node, string before, int depth, int order, StreamWriter text)
    {
        (int start, int count) = model.Trie.Children(node).GetOffsetAndLength(int.MaxValue);
        for (int child = start; child < start + count; child++)
        {
            string words = before + model.Units[model.Trie.Unit(child)];
            if (depth > 1) WriteBelow(model, child, words + " ", depth - 1, order, text);
            else if (order == model.Order) text.WriteLine($"{Log10(model.Trie.LogProb(child))}\t{words}");
            else text.WriteLine($"{Log10(model.Trie.LogProb(child))}\t{words}\t{Log10(model.Trie.Backoff(child))}");
        }
    }

    /// <summary>Converts a logarithm of the file to nats.</summary>
    internal static double ToNats(double log10) => log10 <= Never ? double.NegativeInfinity : log10 * Ln10;

    private static string Log10(double nats) => Math.Max(nats / Ln10, Never).ToString("G10", CultureInfo.InvariantCulture);
}
