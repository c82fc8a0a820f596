using System.Globalization;

namespace Ctc.Experiments.Data.Common;

/// <summary>Symbols in messages, with their code points where symbols may look alike.</summary>
public static class CodePoints
{
    /// <summary>Quotes a symbol; one outside printable ASCII is followed by its code points.</summary>
    /// <param name="symbol">Any text.</param>
    /// <returns>Text such as 'a', or 'é' U+0065 U+0301.</returns>
    public static string Quote(string symbol)
    {
        ArgumentNullException.ThrowIfNull(symbol);
        return symbol.All(letter => char.IsBetween(letter, ' ', '~')) ? $"'{symbol}'" : $"'{symbol}' {List(symbol)}";
    }

    /// <summary>Lists the code points of a text.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>Text such as U+0065 U+0301.</returns>
    public static string List(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return string.Join(' ', text.EnumerateRunes().Select(rune => string.Create(CultureInfo.InvariantCulture, $"U+{rune.Value:X4}")));
    }
}
