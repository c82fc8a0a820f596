namespace Ctc.Experiments.Readings;

/// <summary>Tokens as text, and its characters and words, as evaluators of text recognition count them.</summary>
public static class WrittenText
{
    private const char WordStart = '▁'; // U+2581, the mark of word pieces

    /// <summary>Reads the marks of word pieces.</summary>
    /// <param name="text">Joined symbols, in the order of text.</param>
    /// <returns>The text; a mark ▁ of a word's start is a space, or nothing at the beginning.</returns>
    public static string FromJoined(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Contains(WordStart, StringComparison.Ordinal) ? text.TrimStart(WordStart).Replace(WordStart, ' ') : text;
    }

    /// <summary>Splits a text into words: what is between white space. A text without white space is one word, an empty one none.</summary>
    /// <param name="text">Any text.</param>
    public static IReadOnlyList<string> SplitWords(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
    }
}
