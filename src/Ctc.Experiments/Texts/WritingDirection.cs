using System.Text;

namespace Ctc.Experiments.Texts;

/// <summary>The direction in which text is written.</summary>
public static class WritingDirection
{
    /// <summary>Whether a text has letters that are written from right to left, such as those of Hebrew and Arabic.</summary>
    /// <param name="text">Any text.</param>
    public static bool IsRightToLeft(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.EnumerateRunes().Any(rune => BidiCharacter.ClassOf(rune.Value) is BidiClass.R or BidiClass.AL);
    }
}
