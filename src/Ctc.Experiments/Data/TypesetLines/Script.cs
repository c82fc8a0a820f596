using System.Text;
using Ctc.Experiments.Data.Common;

namespace Ctc.Experiments.Data.TypesetLines;

internal static class Script
{
    public static bool IsOneWay(string text, ReadingDirection direction)
    {
        bool fromRight = direction == ReadingDirection.RightToLeft;
        return text.EnumerateRunes().All(rune => IsFromRight(rune.Value) ? fromRight : !fromRight || !(Rune.IsLetter(rune) || Rune.IsDigit(rune)));
    }

    private static bool IsFromRight(int code) => code is (>= 0x590 and <= 0x8FF) or (>= 0xFB1D and <= 0xFDFF) or (>= 0xFE70 and <= 0xFEFF);
}
