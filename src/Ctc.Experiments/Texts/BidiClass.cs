namespace Ctc.Experiments.Texts;

/// <summary>A class of characters in the bidirectional algorithm of Unicode (Unicode Standard Annex 9, table 4), under its name there.</summary>
internal enum BidiClass : byte
{
    /// <summary>Letters from left to right.</summary>
    L,

    /// <summary>Letters from right to left.</summary>
    R,

    /// <summary>Arabic letters.</summary>
    AL,

    /// <summary>European digits.</summary>
    EN,

    /// <summary>Arabic digits.</summary>
    AN,

    /// <summary>Plus and minus.</summary>
    ES,

    /// <summary>Signs beside numbers, such as % and currencies.</summary>
    ET,

    /// <summary>Signs within numbers, such as the point.</summary>
    CS,

    /// <summary>Marks on the character before.</summary>
    NSM,

    /// <summary>Separators of paragraphs.</summary>
    B,

    /// <summary>Separators of segments, such as the tab.</summary>
    S,

    /// <summary>White space.</summary>
    WS,

    /// <summary>All other signs.</summary>
    ON,

    /// <summary>Invisible control characters without effect here, those of explicit embeddings and isolates among them.</summary>
    BN,
}

/// <summary>Properties of characters for the bidirectional algorithm.</summary>
internal static class BidiCharacter
{
    private static readonly (int First, int Last, BidiClass Class)[] Ranges = [.. UnicodeTable.Load("bidi-classes.txt").Select(row => (
        UnicodeTable.CodePoint(row[0]), UnicodeTable.CodePoint(row[1]), Enum.TryParse(row[2], out BidiClass known) ? known : BidiClass.BN))];

    private static readonly int[] Starts = [.. Ranges.Select(range => range.First)];

    private static readonly Dictionary<int, int> Mirrors = UnicodeTable.Load("mirrored.txt")
        .ToDictionary(row => UnicodeTable.CodePoint(row[0]), row => UnicodeTable.CodePoint(row[1]));

    /// <summary>The class of a code point.</summary>
    public static BidiClass ClassOf(int codePoint)
    {
        int at = Array.BinarySearch(Starts, codePoint);
        int range = at >= 0 ? at : ~at - 1;
        return range >= 0 && codePoint <= Ranges[range].Last ? Ranges[range].Class : BidiClass.L;
    }

    /// <summary>The code point whose glyph is the mirror image; the same one if there is none.</summary>
    public static int Mirror(int codePoint) => Mirrors.GetValueOrDefault(codePoint, codePoint);

    /// <summary>Whether the class says a direction by itself.</summary>
    public static bool IsStrong(BidiClass kind) => kind is BidiClass.L or BidiClass.R or BidiClass.AL;
}
