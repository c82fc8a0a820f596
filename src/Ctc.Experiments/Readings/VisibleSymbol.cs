using System.Globalization;
using System.Text;
using Ctc.Experiments.Data.Common;

namespace Ctc.Experiments.Readings;

/// <summary>A symbol as a text that is visible, for pictures and differences.</summary>
public static class VisibleSymbol
{
    /// <summary>The sign for a space.</summary>
    public const string Space = "␣";

    /// <summary>Makes a symbol visible.</summary>
    /// <param name="symbol">The symbol of a token.</param>
    /// <returns>The symbol; ␣ for a space, code points for other symbols without ink, and a dotted circle under a combining mark.</returns>
    public static string From(string symbol) =>
        symbol == " " ? Space
        : symbol.EnumerateRunes().All(rune => !HasInk(Rune.GetUnicodeCategory(rune))) ? CodePoints.List(symbol)
        : IsMark(Rune.GetUnicodeCategory(Rune.GetRuneAt(symbol, 0))) ? "◌" + symbol
        : symbol;

    private static bool HasInk(UnicodeCategory category) => category
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.SpaceSeparator
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    private static bool IsMark(UnicodeCategory category) =>
        category is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;
}
