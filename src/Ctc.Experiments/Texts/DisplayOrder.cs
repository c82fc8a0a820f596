using System.Text;

namespace Ctc.Experiments.Texts;

/// <summary>The order in which the symbols of a line are displayed, from left to right, and its inverse.</summary>
/// <remarks>
/// Source: Unicode Standard Annex 9, rules L2 and L4; <see cref="BidiLevels"/> has the others. A symbol is one unit: combining marks stay with
/// their letter (L3). Invisible control characters, marks of direction among them, are left out, because no ink shows them.
/// </remarks>
public static class DisplayOrder
{
    /// <summary>Puts symbols in the order of display.</summary>
    /// <param name="symbols">In logical order, the order of reading.</param>
    /// <returns>From left to right. Brackets in text from right to left are mirrored, as they look.</returns>
    public static IReadOnlyList<string> FromLogical(IReadOnlyList<string> symbols)
    {
        ArgumentNullException.ThrowIfNull(symbols);
        return Arrange(symbols, BidiLevels.IsRightToLeft(CodePoints(symbols)));
    }

    /// <summary>Puts displayed symbols in an order of reading.</summary>
    /// <param name="displayed">From left to right.</param>
    /// <returns>
    /// Symbols in logical order that are displayed as <paramref name="displayed"/>. Several texts may look the same: of a number between words of
    /// two directions it is not seen to which it belongs. Where none is found, one that looks nearly the same.
    /// </returns>
    public static IReadOnlyList<string> ToLogical(IReadOnlyList<string> displayed)
    {
        ArgumentNullException.ThrowIfNull(displayed);
        BidiClass[] kinds = [.. CodePoints(displayed).Select(BidiCharacter.ClassOf)];
        if (!kinds.Any(kind => kind is BidiClass.R or BidiClass.AL or BidiClass.AN)) return displayed;
        BidiClass[] strong = [.. kinds.Where(BidiCharacter.IsStrong)];
        bool isMostly = 2 * strong.Count(kind => kind != BidiClass.L) >= strong.Length;
        string[] reversed = [.. displayed.Reverse()];
        IReadOnlyList<string>[] read =
        [
            .. new[] { isMostly, !isMostly }.SelectMany(direction => new[]
            {
                Arrange(displayed, direction), [.. Arrange(reversed, direction).Reverse()],
            }),
        ];
        return read.FirstOrDefault(text => FromLogical(text).SequenceEqual(displayed)) ?? read[0];
    }

    private static IEnumerable<int> CodePoints(IReadOnlyList<string> symbols) =>
        symbols.SelectMany(symbol => symbol.EnumerateRunes()).Select(rune => rune.Value);

    private static string[] Arrange(IReadOnlyList<string> symbols, bool isRightToLeft)
    {
        List<int> codePoints = [], starts = []; // of the paragraph; the place of the first one of each symbol
        List<string> visible = [];
        foreach (string symbol in symbols)
        {
            int start = codePoints.Count;
            codePoints.AddRange(symbol.EnumerateRunes().Select(rune => rune.Value).Where(code => BidiCharacter.ClassOf(code) != BidiClass.BN));
            if (codePoints.Count == start) continue;
            starts.Add(start);
            visible.Add(symbol);
        }

        int[] levels = BidiLevels.Resolve([.. codePoints], isRightToLeft);
        (string Symbol, int Level)[] order = [.. visible.Zip(starts, (symbol, start) => (symbol, levels[start])).Where(unit => !IsMark(unit.symbol))];
        for (int level = 2; level >= 1; level--) // L2
        {
            for (int first = 0; first < order.Length; first++)
            {
                int end = first;
                while (end < order.Length && order[end].Level >= level) end++;
                order.AsSpan(first..end).Reverse();
                first = end;
            }
        }

        return [.. order.Select(unit => unit.Level == 1 ? Mirrored(unit.Symbol) : unit.Symbol)];
    }

    // U+200E, U+200F and U+061C: letters without ink.
    private static bool IsMark(string symbol) => symbol is "\u200E" or "\u200F" or "\u061C";

    private static string Mirrored(string symbol) =>
        Rune.TryGetRuneAt(symbol, 0, out Rune rune) && rune.Utf16SequenceLength == symbol.Length
            ? new Rune(BidiCharacter.Mirror(rune.Value)).ToString()
            : symbol;
}
