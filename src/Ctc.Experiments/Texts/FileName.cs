using System.Globalization;
using System.Text;

namespace Ctc.Experiments.Texts;

/// <summary>File names from text of unknown origin, such as the ids of utterances.</summary>
public static class FileName
{
    private const string Reserved = "<>:\"/\\|?*";
    private const int MostBytes = 120;

    /// <summary>Makes a file name of any text. It names a file in the folder that it is joined to, on every system.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>
    /// The text with an underscore for each separator, wildcard, control character and leading dot; at most 120 bytes of UTF-8, cut at the end;
    /// one underscore for no text.
    /// </returns>
    public static string From(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var name = new StringBuilder();
        int bytes = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            bool isReplaced = Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                    or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned
                || (rune.IsAscii && Reserved.Contains((char)rune.Value, StringComparison.Ordinal))
                || (bytes == 0 && rune.Value == '.');
            Rune kept = isReplaced ? new Rune('_') : rune;
            if ((bytes += kept.Utf8SequenceLength) > MostBytes) break;
            name.Append(kept);
        }

        return name.Length == 0 ? "_" : name.ToString();
    }
}
