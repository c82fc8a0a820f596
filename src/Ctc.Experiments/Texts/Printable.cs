using System.Buffers;
using System.Globalization;
using System.Text;

namespace Ctc.Experiments.Texts;

/// <summary>Text of unknown origin, such as labels, names and messages of plugins, in a form that only shows text.</summary>
/// <remarks>
/// Control characters move the cursor, change colours and titles, and forge lines; some characters of Unicode change the direction of the text after
/// them. Each is written as \uXXXX, which inside a text of JSON is the same character.
/// </remarks>
public static class Printable
{
    private const string Layout = "\n\t";

    // C0, DEL, C1; line and paragraph separators; embeddings, overrides and isolates of direction.
    private static readonly string Controls = string.Concat(
        Range(0, 0x1f).Concat(Range(0x7f, 0x9f)).Concat(Range(0x2028, 0x202e)).Concat(Range(0x2066, 0x2069)));

    private static readonly SearchValues<char> InLine = SearchValues.Create(Controls);
    private static readonly SearchValues<char> InText = SearchValues.Create(string.Concat(Controls.Except(Layout)));

    /// <summary>Escapes a text of one line: a name, a label, a path.</summary>
    /// <param name="text">Any text; null is the empty text.</param>
    /// <returns>The same text, with every control character as \uXXXX, line breaks and tabs too.</returns>
    public static string Line(string? text) => Escape(text ?? "", InLine);

    /// <summary>Escapes a text of several lines.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>The same text; line feeds, also after a carriage return, and tabs stay.</returns>
    public static string Text(ReadOnlySpan<char> text) => Escape(text, InText);

    /// <summary>Whether a text is one line without control characters.</summary>
    /// <param name="text">Any text.</param>
    public static bool IsLine(string text) => !text.AsSpan().ContainsAny(InLine);

    private static string Escape(ReadOnlySpan<char> text, SearchValues<char> escaped)
    {
        int at = text.IndexOfAny(escaped);
        if (at < 0) return text.ToString();
        var printable = new StringBuilder(text.Length + 16);
        for (; at >= 0; at = text.IndexOfAny(escaped))
        {
            printable.Append(text[..at]);
            bool endsLine = escaped == InText && text[at..].StartsWith("\r\n");
            if (endsLine) printable.Append('\r');
            else printable.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[at]:X4}");
            text = text[(at + 1)..];
        }

        return printable.Append(text).ToString();
    }

    private static IEnumerable<char> Range(int first, int last) => Enumerable.Range(first, last - first + 1).Select(code => (char)code);
}
