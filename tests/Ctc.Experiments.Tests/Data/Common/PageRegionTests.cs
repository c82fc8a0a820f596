using Ctc.Experiments.Data.Common;

namespace Ctc.Experiments.Tests.Data.Common;

/// <summary>Lines that are cut out of a page of 8 × 6 pixels, whose grey is 10 · column + row.</summary>
public class PageRegionTests
{
    private static readonly GreyImage Page = new(8, 6, [.. Enumerable.Range(0, 48).Select(at => (float)(10 * (at / 6) + at % 6))]);

    [Test]
    public void A_rectangle_from_2_to_5_has_3_columns()
    {
        GreyImage line = Cut((2, 1), (5, 1), (5, 3), (2, 3));
        Assert.That((line.Width, line.Height), Is.EqualTo((3, 2)));
        Assert.That(line.Greys.ToArray(), Is.EqualTo(new float[] { 21, 22, 31, 32, 41, 42 }));
    }

    // The centres (0.5, 0.5) and (1.5, 0.5) and (0.5, 1.5) are inside, those of the diagonal are not: they are on the edge, which is a lower end.
    [Test]
    public void Pixels_outside_a_triangle_are_the_paper_of_its_inside()
    {
        GreyImage line = Cut((0, 0), (3, 0), (0, 3));
        Assert.That((line.Width, line.Height), Is.EqualTo((3, 3)));
        float[] inside = [0, 1, 10];
        const float Median = 1;
        Assert.That(line.Greys.ToArray(), Is.EqualTo(new[] { inside[0], inside[1], Median, inside[2], Median, Median, Median, Median, Median }));
    }

    [Test]
    public void What_is_beyond_the_page_is_left_out()
    {
        GreyImage line = Cut((-5, 4), (2, 4), (2, 99), (-5, 99));
        Assert.That((line.Width, line.Height), Is.EqualTo((2, 2)));
        Assert.That(line.Greys.ToArray(), Is.EqualTo(new float[] { 4, 5, 14, 15 }));
    }

    // Of the greys 21 22 31 32 41 42, column by column; a quarter to the right puts the lower left pixel to the upper left.
    [TestCase(1, 2, new float[] { 22, 32, 42, 21, 31, 41 })]
    [TestCase(2, 3, new float[] { 42, 41, 32, 31, 22, 21 })]
    [TestCase(3, 2, new float[] { 41, 31, 21, 42, 32, 22 })]
    public void Turned_text_is_set_upright(int quarterTurns, int columns, float[] greys)
    {
        var region = new PageRegion([(2, 1), (5, 1), (5, 3), (2, 3)]) { QuarterTurns = quarterTurns };
        GreyImage line = region.Cut(Page, "page.png");
        Assert.That(line.Width, Is.EqualTo(columns));
        Assert.That(line.Greys.ToArray(), Is.EqualTo(greys));
    }

    [Test]
    public void Units_other_than_pixels_are_scaled_to_the_image()
    {
        var region = new PageRegion([(20, 10), (50, 10), (50, 30), (20, 30)]) { Page = (80, 60), IsScaled = true };
        Assert.That(region.Cut(Page, "x.png").Greys.ToArray(), Is.EqualTo(new float[] { 21, 22, 31, 32, 41, 42 }));
    }

    [Test]
    public void A_page_of_another_size_is_refused()
    {
        PageRegion pixels = new([(0, 0), (8, 0), (8, 6)]) { Page = (16, 12) };
        PageRegion scaled = new([(0, 0), (8, 0), (8, 6)]) { Page = (10, 10), IsScaled = true };
        Refuses(pixels, "x.png is 8 × 6 pixels large; expected 16 × 12, as its description says.");
        Refuses(scaled, "x.png is 8 × 6 pixels large; expected the proportions of 10 × 10, as its description says.");
    }

    [Test]
    public void A_line_without_pixels_is_refused()
    {
        const string None = "x.png is 8 × 6 pixels large; expected a line on it, but no pixel is in the line's region.";
        Refuses(new PageRegion([(20, 20), (30, 20), (30, 30)]), None);
        Refuses(new PageRegion([(1, 1), (1.2, 1), (1.2, 1.2)]), None);
    }

    private static GreyImage Cut(params (double, double)[] points) => new PageRegion(points).Cut(Page, "x.png");

    private static void Refuses(PageRegion region, string message) =>
        Assert.That(() => region.Cut(Page, "x.png"), Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(message));
}
