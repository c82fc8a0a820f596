using Ctc.Comparisons.Reports;
using SkiaSharp;

namespace Ctc.Comparisons.Tests.Reports;

/// <summary>The image of a line in strips.</summary>
public class LineStripsTests
{
    [Test]
    public void Strips_together_are_the_line_and_are_cut_where_there_is_no_ink()
    {
        int[] black = [.. Enumerable.Range(0, 600).Where(x => x % 50 != 7)];
        byte[] line = WrittenLine.Png(600, 20, black);
        IReadOnlyList<(byte[] Png, int Width, int Height)> strips = LineStrips.Cut(line);
        Assert.That(strips.Select(strip => strip.Width), Is.EqualTo(new[] { 207, 200, 193 }));
        Assert.That(strips.SelectMany(strip => Pixels(strip.Png)), Is.EqualTo(Pixels(line)));
    }

    [Test]
    public void A_line_without_a_gap_is_cut_all_the_same()
    {
        byte[] black = WrittenLine.Png(500, 20, [.. Enumerable.Range(0, 500)]);
        Assert.That(LineStrips.Cut(black).Select(strip => strip.Width), Is.EqualTo(new[] { 240, 240, 20 }));
    }

    [TestCase(20, 300)]
    [TestCase(240, 20)]
    [TestCase(1, 1)]
    public void A_short_line_and_a_vertical_one_are_one_strip(int width, int height)
    {
        byte[] line = WrittenLine.Png(width, height);
        (byte[] png, int w, int h) = LineStrips.Cut(line).Single();
        Assert.That((w, h), Is.EqualTo((width, height)));
        Assert.That(Pixels(png), Is.EqualTo(Pixels(line)));
    }

    [Test]
    public void What_is_no_image_has_no_strips() => Assert.That(LineStrips.Cut("no image"u8.ToArray()), Is.Empty);

    // The first row, from left to right.
    private static byte[] Pixels(byte[] png)
    {
        using SKBitmap image = SKBitmap.Decode(png);
        return [.. Enumerable.Range(0, image.Width).Select(x => image.GetPixel(x, 0).Red)];
    }
}
