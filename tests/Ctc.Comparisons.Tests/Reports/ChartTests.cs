using Ctc.Comparisons.Reports.Charts;
using Ctc.Comparisons.Statistics;
using SkiaSharp;

namespace Ctc.Comparisons.Tests.Reports;

public class ChartTests
{
    [TestCase(1, 1)]
    [TestCase(2, 3)]
    [TestCase(8, 300)]
    [Category("Slow")]
    public void Any_number_of_curves_and_epochs_is_drawn(int variants, int epochs) =>
        Draws(
            theme =>
                CurveChart.Draw(
                    theme,
                    "nats",
                    [.. Variants(variants).Select(series => new Curve(series,
                        [.. Enumerable.Range(1, epochs).Select(epoch => (2.0 / epoch, 1.0 / epoch, 3.0 / epoch))]))]));

    [Test]
    public void Epochs_that_were_not_measured_are_left_out() =>
        Draws(
            theme =>
                CurveChart.Draw(
                    theme,
                    "nats",
                    [new Curve(Variants(1)[0], [(double.NaN, double.NaN, double.NaN), (2, 1, 3), (double.NaN, double.NaN, double.NaN)])]));

    [TestCase(1)]
    [TestCase(40)]
    [Category("Slow")]
    public void A_forest_grows_with_its_rows(int rows) =>
        Draws(theme => ForestChart.Draw(theme, "points", [.. Variants(rows).Select(series => new ForestRow(series, 0, null, new Interval(-1, 1)))]));

    [TestCase(new[] { 0.5, 20 }, true)]
    [TestCase(new[] { 0.5, 8, double.NaN }, false, Description = "one decade")]
    [TestCase(new[] { 0.0, 20 }, false, Description = "0 has no logarithm")]
    [TestCase(new double[0], false)]
    public void An_axis_is_logarithmic_where_values_are_over_decades(double[] values, bool isLog) =>
        Assert.That(LogAxis.Find(values) is not null, Is.EqualTo(isLog));

    [Test]
    public void A_logarithmic_axis_has_round_values()
    {
        Assert.That(LogAxis.Find([0.7, 30])!.Labels, Is.EqualTo(new[] { "0.1", "0.2", "0.5", "1", "2", "5", "10", "20", "50", "100", "200", "500" }));
    }

    [Test]
    public void A_chart_for_a_wide_page_has_its_width()
    {
        using SKBitmap picture = SKBitmap.Decode(
            ForestChart.Draw(ChartTheme.Light.ForWidePage(), "points", [new ForestRow(Variants(1)[0], 0, null, new Interval(-1, 1))]));
        Assert.That(picture.Width, Is.EqualTo(ChartTheme.WideWidth));
    }

    // Of 560 pixels, 500 are for names: six columns of short names, one of long ones. A wide page has room for the long ones side by side.
    [TestCase("plain", 3, ExpectedResult = 0)]
    [TestCase("plain", 8, ExpectedResult = 22)]
    [TestCase("a-variant-with-a-name-of-more-than-40-letters", 4, ExpectedResult = 66)]
    [TestCase("", 0, ExpectedResult = 0)]
    public int A_chart_is_higher_by_the_further_rows_of_its_legend(string name, int count) =>
        ChartTheme.Light.MoreOfLegend([.. Enumerable.Repeat(name, count)]);

    [Test]
    public void The_legend_of_a_wide_page_has_more_columns() =>
        Assert.That(ChartTheme.Light.ForWidePage().MoreOfLegend([.. Enumerable.Repeat(new string('x', 45), 4)]), Is.EqualTo(22));

    [Test]
    public void Recall_of_one_place_is_drawn() => Draws(theme => RecallChart.Draw(theme, "symbol", ["a\n3"], [(Variants(1)[0], [100])]));

    [Test]
    public void Each_of_two_dozen_variants_has_a_look_of_its_own()
    {
        var looks = Variants(25)[1..].Select(series => (ChartTheme.Light.ColourOf(series).ToHex(), ChartTheme.Marker(series)));
        Assert.That(looks.Distinct().Count(), Is.EqualTo(24));
    }

    private static Series[] Variants(int count) =>
        [.. Enumerable.Range(0, count).Select(i => new Series($"variant {i}", Math.Max(0, i - 1), i == 0))];

    // On paper that shows through: the corner is clear, and something is drawn.
    private static void Draws(Func<ChartTheme, byte[]> draw)
    {
        foreach (ChartTheme theme in new[] { ChartTheme.Light, ChartTheme.Dark })
        {
            using SKBitmap picture = SKBitmap.Decode(draw(theme));
            Assert.That(picture.Width, Is.EqualTo(2 * ChartTheme.Width));
            Assert.That(picture.GetPixel(0, 0).Alpha, Is.Zero);
            Assert.That(picture.Pixels.Any(pixel => pixel.Alpha == 255));
        }
    }
}
