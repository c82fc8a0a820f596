namespace Ctc.Experiments.Data.Common;

/// <summary>One image of one symbol, cut to the columns that hold ink.</summary>
/// <param name="Token">The token of the symbol.</param>
/// <param name="Rows">Its height.</param>
/// <param name="Ink">
/// [width, rows] ink from 0, paper, to 1, column by column and each from the top. The first column and the last are not all paper.
/// </param>
internal readonly record struct Glyph(long Token, int Rows, float[] Ink)
{
    /// <summary>Gets the columns from the first with ink to the last.</summary>
    public int Width => Ink.Length / Rows;

    /// <summary>Cuts the bare columns at both sides.</summary>
    /// <param name="token">The token of the symbol.</param>
    /// <param name="rows">The height.</param>
    /// <param name="columns">[width, rows] ink, at least one of it not 0.</param>
    public static Glyph Cut(long token, int rows, ReadOnlySpan<float> columns)
    {
        int first = columns.IndexOfAnyExcept(0f) / rows;
        int last = columns.LastIndexOfAnyExcept(0f) / rows;
        return new Glyph(token, rows, columns[(first * rows)..((last + 1) * rows)].ToArray());
    }

    /// <summary>Joins images of equal height to one, with paper between them.</summary>
    /// <param name="token">The token of the whole.</param>
    /// <param name="glyphs">From the left, at least one.</param>
    /// <param name="nextGap">Returns the columns of paper before the next image.</param>
    public static Glyph Join(long token, IReadOnlyList<Glyph> glyphs, Func<int> nextGap)
    {
        var ink = new List<float>(glyphs[0].Ink);
        foreach (Glyph glyph in glyphs.Skip(1))
        {
            ink.AddRange(new float[nextGap() * glyph.Rows]);
            ink.AddRange(glyph.Ink);
        }

        return new Glyph(token, glyphs[0].Rows, [.. ink]);
    }
}
