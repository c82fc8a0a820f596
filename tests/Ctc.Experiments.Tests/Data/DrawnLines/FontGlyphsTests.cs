using Ctc.Experiments.Data.Common;
using Ctc.Experiments.Data.DrawnLines;
using Ctc.Experiments.Fonts;

namespace Ctc.Experiments.Tests.Data.DrawnLines;

public class FontGlyphsTests
{
    private const int Size = 14;

    private static readonly FontFace Font = FontFace.In(CarriedFont.File).Single();

    [Test]
    public void A_black_square_is_ink_all_over()
    {
        // In the font's table of outlines the square is 1563 units wide and 1568 high: of the last column a part is ink.
        const double lastColumn = Size * 1563 / 1568.0 - (Size - 1);
        Glyph square = FontGlyphs.Draw(Font, ["■"], Size)[0];
        Assert.That((square.Token, square.Rows, square.Width), Is.EqualTo((1L, Size, Size)));
        Assert.That(square.Ink[..^Size], Has.All.EqualTo(1f).Within(0.01));
        Assert.That(square.Ink[^Size..], Has.All.EqualTo(lastColumn).Within(0.01));
    }

    [Test]
    public void Symbols_keep_their_heights_and_places_above_each_other()
    {
        // A full block, and the lower half, upper half and left half of one.
        IReadOnlyList<Glyph> blocks = FontGlyphs.Draw(Font, ["█", "▄", "▀", "▌"], Size);
        Assert.That(blocks.Select(block => block.Rows), Has.All.EqualTo(Size));
        Assert.That(blocks[1].Width, Is.EqualTo(blocks[0].Width));
        Assert.That(blocks[3].Width, Is.EqualTo(blocks[0].Width / 2.0).Within(1));
        float[] lower = Column(blocks[1]), upper = Column(blocks[2]), left = Column(blocks[3]);
        Assert.That(left, Has.All.EqualTo(1f).Within(0.01));
        Assert.That(lower[..6], Has.All.EqualTo(0f).Within(0.01));
        Assert.That(lower[8..], Has.All.EqualTo(1f).Within(0.01));
        Assert.That(lower.Zip(upper, (below, above) => below + above), Has.All.EqualTo(1f).Within(0.05));

        static float[] Column(Glyph block) => block.Ink[(2 * Size)..(3 * Size)];
    }

    [Test]
    public void The_highest_and_the_lowest_symbol_reach_the_edges([Values(8, 14, 33)] int size)
    {
        IReadOnlyList<Glyph> glyphs = FontGlyphs.Draw(Font, ["d", "g", "-"], size);
        Assert.That(Inked(glyphs[0], 0) && !Inked(glyphs[0], size - 1));
        Assert.That(Inked(glyphs[1], size - 1) && !Inked(glyphs[1], 0));
        Assert.That(!Inked(glyphs[2], 0) && !Inked(glyphs[2], size - 1));

        static bool Inked(Glyph glyph, int row) => Enumerable.Range(0, glyph.Width).Any(column => glyph.Ink[column * glyph.Rows + row] > 0);
    }

    [Test]
    public void Images_begin_and_end_with_ink()
    {
        foreach (Glyph glyph in FontGlyphs.Draw(Font, ["a", "W", "i", "λ"], Size))
        {
            Assert.That(glyph.Ink.AsSpan(0, Size).ContainsAnyExcept(0f));
            Assert.That(glyph.Ink.AsSpan(glyph.Ink.Length - Size).ContainsAnyExcept(0f));
            Assert.That(glyph.Ink, Has.All.InRange(0f, 1f));
        }
    }
}
