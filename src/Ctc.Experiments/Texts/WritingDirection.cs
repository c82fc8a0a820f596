using System.Text;

namespace Ctc.Experiments.Texts;

/// <summary>The direction in which text is written.</summary>
public static class WritingDirection
{
    // The blocks in which a character is by default of the class R or AL (Unicode Standard Annex 9).
    private static readonly (int First, int Last)[] Blocks =
        [(0x0590, 0x08FF), (0xFB1D, 0xFDFF), (0xFE70, 0xFEFF), (0x10800, 0x10FFF), (0x1E800, 0x1EFFF)];

    /// <summary>Whether a text has letters that are written from right to left, such as those of Hebrew and Arabic.</summary>
    /// <param name="text">Any text.</param>
    public static bool IsRightToLeft(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.EnumerateRunes().Any(rune => Rune.IsLetter(rune) && Blocks.Any(block => rune.Value >= block.First && rune.Value <= block.Last));
    }
}
