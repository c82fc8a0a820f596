using System.Globalization;
using System.Text;
using Ctc.Experiments.Data.Common;

namespace Ctc.Experiments.Pictures;

/// <summary>The label of a token in a picture, visible for every symbol.</summary>
internal static class TokenLabel
{
    /// <summary>The symbol; ␣ for a space, code points for other symbols without ink, and a dotted circle under a combining mark.</summary>
    public static string From(string symbol) =>
        symbol == " " ? "␣"
        : symbol.EnumerateRunes().All(rune => !HasInk(Rune.GetUnicodeCategory(rune))) ? CodePoints.List(symbol)
        : IsMark(Rune.GetUnicodeCategory(Rune.GetRuneAt(symbol, 0))) ? "◌" + symbol
        : symbol;

    private static bool HasInk(UnicodeCategory category) => category
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.SpaceSeparator
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    private static bool IsMark(UnicodeCategory category) =>
        category is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;
}
