using System.Text;

namespace Ctc.Engine.Decoding.LanguageModels;

/// <summary>Reads a UTF-8 file of any length line by line into one buffer.</summary>
/// <param name="stream">The content.</param>
/// <param name="name">The name of the file in messages.</param>
internal sealed class ByteLines(Stream stream, string name)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private byte[] bytes = new byte[1 << 16];
    private char[] text = [];
    private int start, end;
    private bool isOver;

    /// <summary>Gets the number of the last line, from 1 on; 0 before the first.</summary>
    public int Number { get; private set; }

    /// <summary>Gets "file:number" of the last line, as messages begin.</summary>
    public string Where => Named(Number);

    /// <summary>"file:number" of a line.</summary>
    public string Named(int line) => $"{name}:{Math.Max(line, 1)}";

    /// <summary>Reads the next line.</summary>
    /// <param name="line">The line without its end, until the next call.</param>
    /// <returns>False after the last line.</returns>
    /// <exception cref="InvalidDataException">The line is no UTF-8.</exception>
    public bool TryRead(out ReadOnlySpan<char> line)
    {
        int length, searched = 0;
        while ((length = bytes.AsSpan(start + searched, end - start - searched).IndexOf((byte)'\n')) < 0 && !isOver)
        {
            searched = end - start;
            Fill();
        }

        if (length < 0 && start == end)
        {
            line = default;
            return false;
        }

        Number++;
        length = length < 0 ? end - start : length + searched;
        line = Decode(bytes.AsSpan(start, length));
        start = Math.Min(end, start + length + 1);
        return true;
    }

    private ReadOnlySpan<char> Decode(ReadOnlySpan<byte> line)
    {
        if (Number == 1 && line.StartsWith(Encoding.UTF8.Preamble)) line = line[Encoding.UTF8.Preamble.Length..];
        if (line is [.. var before, (byte)'\r']) line = before;
        if (text.Length < line.Length) text = new char[Math.Max(line.Length, 2 * text.Length)];
        try
        {
            return text.AsSpan(0, Strict.GetChars(line, text));
        }
        catch (DecoderFallbackException fault)
        {
            throw new InvalidDataException($"{Where} holds bytes that are no UTF-8; expected text in UTF-8.", fault);
        }
    }

    private void Fill()
    {
        bytes.AsSpan(start, end - start).CopyTo(bytes);
        (start, end) = (0, end - start);
        if (end == bytes.Length) Array.Resize(ref bytes, 2 * bytes.Length);
        int read = stream.Read(bytes, end, bytes.Length - end);
        (end, isOver) = (end + read, read == 0);
    }
}
