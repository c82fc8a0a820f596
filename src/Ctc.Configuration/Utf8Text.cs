using System.Buffers;
using System.Text;

namespace Ctc.Configuration;

/// <summary>Validates UTF-8 text, with or without a byte order mark, and locates the first invalid byte.</summary>
internal static class Utf8Text
{
    public static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> text) =>
        text.Span.StartsWith(Encoding.UTF8.Preamble) ? text[Encoding.UTF8.Preamble.Length..] : text;

    /// <summary>Finds the first byte that is not valid UTF-8; null if there is none.</summary>
    /// <param name="text">With or without a byte order mark.</param>
    /// <returns>Line and column from 1, the column in UTF-16 code units, and the byte.</returns>
    public static (int Line, int Column, byte Found)? FindFault(ReadOnlyMemory<byte> text)
    {
        ReadOnlySpan<byte> bytes = WithoutMark(text).Span;
        (int line, int column) = (1, 1);
        while (bytes.Length > 0)
        {
            if (Rune.DecodeFromUtf8(bytes, out Rune rune, out int length) != OperationStatus.Done) return (line, column, bytes[0]);
            (line, column) = rune.Value == '\n' ? (line + 1, 1) : (line, column + rune.Utf16SequenceLength);
            bytes = bytes[length..];
        }

        return null;
    }
}
