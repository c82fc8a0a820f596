namespace Ctc.Cli.Commands.Loss;

/// <summary>One of the JSON values in a text, well-formed or not.</summary>
/// <param name="Text">UTF-8, without surrounding white space.</param>
/// <param name="Line">The line of its start, from 1.</param>
/// <param name="Column">The column of its start, from 1, in bytes.</param>
internal readonly record struct JsonPiece(ReadOnlyMemory<byte> Text, int Line, int Column)
{
    // That of JsonDocument.
    private const int DeepestNesting = 64;

    /// <summary>Splits a text into values separated by white space.</summary>
    /// <remarks>
    /// An object or a list ends with its closing bracket; if brackets or quotes do not match or are nested too deeply, before the next line that
    /// begins with an object, so that a malformed object on a separate line does not affect the others. Any other value ends before the next object.
    /// O(n): of the objects that begin in separate lines and are not closed, at most <see cref="DeepestNesting"/> are open at a time.
    /// </remarks>
    /// <param name="text">UTF-8.</param>
    /// <returns>The pieces in their order; none if there is only white space.</returns>
    public static IEnumerable<JsonPiece> Split(ReadOnlyMemory<byte> text)
    {
        int line = 1, lineStart = 0;
        for (int at = 0; at < text.Length;)
        {
            byte first = text.Span[at];
            if (IsSpace(first))
            {
                at++;
                if (first == '\n') (line, lineStart) = (line + 1, at);
                continue;
            }

            int end = first is (byte)'{' or (byte)'['
                ? LastBracket(text.Span, at) ?? NextObject(text.Span, at, "\n"u8)
                : NextObject(text.Span, at, " \t\r\n"u8);
            yield return new JsonPiece(TrimEnd(text[at..end]), line, at - lineStart + 1);
            for (; at < end; at++)
            {
                if (text.Span[at] == '\n') (line, lineStart) = (line + 1, at + 1);
            }
        }
    }

    /// <summary>The position after the bracket that closes the first; null if there is none.</summary>
    private static int? LastBracket(ReadOnlySpan<byte> text, int start)
    {
        var open = new Stack<byte>();
        for (int at = start; at < text.Length; at++)
        {
            switch (text[at])
            {
                case (byte)'{' or (byte)'[':
                    if (open.Count == DeepestNesting) return null;
                    open.Push(text[at]);
                    break;
                case (byte)'}' or (byte)']':
                    if (open.Pop() != (text[at] == '}' ? '{' : '[')) return null;
                    if (open.Count == 0) return at + 1;
                    break;
                case (byte)'"':
                    for (at++; at < text.Length && text[at] != '"'; at++)
                    {
                        if (text[at] == '\n') return null;
                        if (text[at] == '\\' && at + 1 < text.Length && text[at + 1] != '\n') at++;
                    }

                    break;
            }
        }

        return null;
    }

    private static int NextObject(ReadOnlySpan<byte> text, int start, ReadOnlySpan<byte> after)
    {
        for (int at = start + 1; at < text.Length; at++)
        {
            if (text[at] == '{' && after.Contains(text[at - 1])) return at;
        }

        return text.Length;
    }

    private static ReadOnlyMemory<byte> TrimEnd(ReadOnlyMemory<byte> piece)
    {
        int length = piece.Length;
        while (IsSpace(piece.Span[length - 1])) length--;
        return piece[..length];
    }

    private static bool IsSpace(byte letter) => letter is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';
}
