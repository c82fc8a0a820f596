using System.Text;
using System.Globalization;

namespace Ctc.Experiments.Texts;

/// <summary>The levels of a paragraph: even ones are read from left to right, odd ones from right to left.</summary>
/// <remarks>
/// Source: Unicode Standard Annex 9, Unicode Bidirectional Algorithm, rules W1 to L1 (implicit directions): embeddings, overrides and isolates have
/// no effect. O(n) time, and a search among open brackets.
/// </remarks>
internal sealed class BidiLevels
{
    private const int MostOpenBrackets = 63; // BD16

    private readonly int[] codePoints;
    private readonly BidiClass[] written;
    private readonly BidiClass[] kinds;
    private readonly BidiClass embedding;

    private BidiLevels(int[] codePoints, bool isRightToLeft)
    {
        this.codePoints = codePoints;
        written = [.. codePoints.Select(BidiCharacter.ClassOf)];
        kinds = [.. written];
        embedding = isRightToLeft ? BidiClass.R : BidiClass.L;
    }

    /// <summary>Whether a paragraph is read from right to left: its first letter is.</summary>
    /// <remarks>Rules P2 and P3.</remarks>
    public static bool IsRightToLeft(IEnumerable<int> codePoints) =>
        codePoints.Select(BidiCharacter.ClassOf).FirstOrDefault(BidiCharacter.IsStrong) is BidiClass.R or BidiClass.AL;

    /// <summary>Resolves the levels of a line that is a paragraph.</summary>
    /// <param name="codePoints">In logical order, without those of class BN.</param>
    /// <param name="isRightToLeft">The direction of the paragraph.</param>
    /// <returns>A level from 0 to 2 for each code point.</returns>
    public static int[] Resolve(int[] codePoints, bool isRightToLeft)
    {
        var paragraph = new BidiLevels(codePoints, isRightToLeft);
        paragraph.ResolveWeak();
        paragraph.ResolveBrackets();
        paragraph.ResolveNeutral();
        return paragraph.Levels();
    }

    private void ResolveWeak()
    {
        BidiClass strong = embedding;
        for (int i = 0; i < kinds.Length; i++)
        {
            if (kinds[i] == BidiClass.NSM) kinds[i] = i == 0 ? embedding : kinds[i - 1]; // W1
            if (BidiCharacter.IsStrong(kinds[i])) strong = kinds[i];
            if (kinds[i] == BidiClass.EN && strong == BidiClass.AL) kinds[i] = BidiClass.AN; // W2
        }

        for (int i = 0; i < kinds.Length; i++) if (kinds[i] == BidiClass.AL) kinds[i] = BidiClass.R; // W3
        for (int i = 1; i + 1 < kinds.Length; i++)
        {
            bool joins = kinds[i - 1] == kinds[i + 1] && kinds[i - 1] switch // W4
            {
                BidiClass.EN => kinds[i] is BidiClass.ES or BidiClass.CS,
                BidiClass.AN => kinds[i] == BidiClass.CS,
                _ => false,
            };
            if (joins) kinds[i] = kinds[i - 1];
        }

        foreach ((int first, int end) in Runs(kind => kind == BidiClass.ET)) // W5
        {
            if ((first > 0 && kinds[first - 1] == BidiClass.EN) || (end < kinds.Length && kinds[end] == BidiClass.EN)) Set(first, end, BidiClass.EN);
        }

        strong = embedding;
        for (int i = 0; i < kinds.Length; i++)
        {
            if (kinds[i] is BidiClass.ES or BidiClass.ET or BidiClass.CS) kinds[i] = BidiClass.ON; // W6
            if (kinds[i] is BidiClass.L or BidiClass.R) strong = kinds[i];
            if (kinds[i] == BidiClass.EN && strong == BidiClass.L) kinds[i] = BidiClass.L; // W7
        }
    }

    // N0: a pair of brackets has the direction of what it encloses, or of what is before it.
    private void ResolveBrackets()
    {
        foreach ((int open, int close) in Brackets())
        {
            BidiClass[] inside = [.. Enumerable.Range(open + 1, close - open - 1).Select(Direction).Where(BidiCharacter.IsStrong)];
            if (inside.Length == 0) continue;
            BidiClass before = Enumerable.Range(0, open).Reverse().Select(Direction).Where(BidiCharacter.IsStrong).FirstOrDefault(embedding);
            BidiClass both = inside.Contains(embedding) || before == embedding ? embedding : before;
            foreach (int bracket in new[] { open, close })
            {
                kinds[bracket] = both;
                for (int i = bracket + 1; i < kinds.Length && written[i] == BidiClass.NSM; i++) kinds[i] = both;
            }
        }
    }

    // N1 and N2: what is between equal directions has that direction, anything else that of the paragraph.
    private void ResolveNeutral()
    {
        foreach ((int first, int end) in Runs(kind => kind is BidiClass.B or BidiClass.S or BidiClass.WS or BidiClass.ON))
        {
            BidiClass before = first == 0 ? embedding : Direction(first - 1), after = end == kinds.Length ? embedding : Direction(end);
            Set(first, end, before == after ? before : embedding);
        }
    }

    private int[] Levels()
    {
        int level = embedding == BidiClass.R ? 1 : 0;
        int[] levels = [.. kinds.Select(kind => level == 0 // I1 and I2
            ? kind switch { BidiClass.R => 1, BidiClass.AN or BidiClass.EN => 2, _ => 0 }
            : kind == BidiClass.R ? 1 : 2)];
        bool isTrailing = true;
        for (int i = levels.Length - 1; i >= 0; i--) // L1
        {
            bool separates = written[i] is BidiClass.B or BidiClass.S;
            isTrailing = separates || (isTrailing && written[i] == BidiClass.WS);
            if (isTrailing) levels[i] = level;
        }

        return levels;
    }

    // Numbers count as right to left for the signs beside them.
    private BidiClass Direction(int at) => kinds[at] is BidiClass.EN or BidiClass.AN ? BidiClass.R : kinds[at];

    private List<(int Open, int Close)> Brackets()
    {
        var open = new List<(int At, int Close)>();
        List<(int Open, int Close)> pairs = [];
        for (int i = 0; i < kinds.Length; i++)
        {
            int mirror = BidiCharacter.Mirror(codePoints[i]);
            if (kinds[i] != BidiClass.ON || mirror == codePoints[i]) continue;
            UnicodeCategory category = Rune.GetUnicodeCategory(new Rune(codePoints[i]));
            if (category == UnicodeCategory.OpenPunctuation)
            {
                if (open.Count == MostOpenBrackets) return [];
                open.Add((i, Canonical(mirror)));
            }
            else if (category == UnicodeCategory.ClosePunctuation)
            {
                int match = open.FindLastIndex(bracket => bracket.Close == Canonical(codePoints[i]));
                if (match < 0) continue;
                pairs.Add((open[match].At, i));
                open.RemoveRange(match, open.Count - match);
            }
        }

        pairs.Sort();
        return pairs;
    }

    // The brackets U+2329 and U+232A are canonically those of U+3008 and U+3009.
    private static int Canonical(int closing) => closing == 0x232A ? 0x3009 : closing;

    private IEnumerable<(int First, int End)> Runs(Func<BidiClass, bool> isIn)
    {
        for (int first = 0; first < kinds.Length; first++)
        {
            if (!isIn(kinds[first])) continue;
            int end = first + 1;
            while (end < kinds.Length && isIn(kinds[end])) end++;
            yield return (first, end);
            first = end;
        }
    }

    private void Set(int first, int end, BidiClass kind) => kinds.AsSpan(first..end).Fill(kind);
}
