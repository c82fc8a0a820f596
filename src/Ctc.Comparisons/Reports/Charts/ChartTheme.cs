using Ctc.Experiments.Fonts;
using Ctc.Experiments.Pictures;
using ScottPlot;
using SkiaSharp;
using Palette = Ctc.Experiments.Pictures.Palette;

namespace Ctc.Comparisons.Reports.Charts;

/// <summary>The colours of a chart on light or on dark paper, which shows through.</summary>
/// <param name="Ink">Text and the zero line.</param>
/// <param name="Quiet">Axes and the baseline.</param>
/// <param name="Faint">The grid.</param>
internal sealed record ChartTheme(Color Ink, Color Quiet, Color Faint)
{
    /// <summary>The width of a chart, in CSS pixels; narrow, so that text stays legible on a phone.</summary>
    public const int Width = 560;

    /// <summary>The width of a chart that has a wide page for itself, in CSS pixels.</summary>
    public const int WideWidth = 1148;

    private const float FontSize = 14;
    private const int LegendRow = 22, LegendMargin = 60, SignWidth = 42;
    private const double LetterWidth = 0.58; // of the font's size, the mean

    public static readonly ChartTheme Light = new(Colour(Palette.Ink), Colour(Palette.Quiet), Colour(Palette.Faint));

    /// <summary>Gets the width to draw, in CSS pixels.</summary>
    public int DrawnWidth { get; private init; } = Width;

    /// <summary>Gets the pixels of the picture in a CSS pixel: two, so that a phone shows it sharply.</summary>
    private int Density { get; init; } = 2;

    /// <summary>The same for a wide page.</summary>
    public ChartTheme ForWidePage() => this with { DrawnWidth = WideWidth, Density = 1 };

    public static readonly ChartTheme Dark = new(new Color(0xE8, 0xE8, 0xE8), new Color(0xA6, 0xA6, 0xA6), new Color(0x3A, 0x3D, 0x42));

    private static readonly MarkerShape[] Shapes =
        [MarkerShape.FilledCircle, MarkerShape.FilledSquare, MarkerShape.FilledTriangleUp, MarkerShape.FilledDiamond];

    /// <summary>The colour of a series. The baseline is grey; neighbours among the others are of different colours.</summary>
    public Color ColourOf(Series series) => series.IsBaseline ? Quiet : Colour(Palette.Hue(series.Number));

    /// <summary>The marker that distinguishes series of the same colour.</summary>
    public static MarkerShape Marker(Series series) => Shapes[series.Number / Palette.Hues % Shapes.Length];

    /// <summary>Shows the names of the series below the chart.</summary>
    public static void ShowLegend(Plot plot)
    {
        plot.Legend.Orientation = Orientation.Horizontal;
        plot.ShowLegend(Edge.Bottom);
    }

    /// <summary>
    /// Estimates the height of the rows of a legend after the first, in CSS pixels. A chart is higher by it, so that its axes keep their length and
    /// the names of axes are not cut off. The columns of a legend are as wide as its longest name.
    /// </summary>
    /// <param name="names">The names of the series.</param>
    public int MoreOfLegend(IReadOnlyCollection<string> names)
    {
        if (names.Count == 0) return 0;
        double column = SignWidth + (LetterWidth * FontSize * names.Max(name => name.Length));
        int columns = Math.Max(1, (int)((DrawnWidth - LegendMargin) / column));
        return LegendRow * ((names.Count - 1) / columns);
    }

    /// <summary>Draws a chart of some height, as PNG.</summary>
    public byte[] Draw(int height, Action<Plot> fill)
    {
        EmbeddedFont.MakeKnown();
        using var plot = new Plot();
        plot.ScaleFactor = Density;
        plot.Font.Set(EmbeddedFont.Name);
        plot.FigureBackground.Color = Colors.Transparent;
        plot.DataBackground.Color = Colors.Transparent;
        plot.Axes.Color(Quiet);
        plot.Grid.MajorLineColor = Faint;
        plot.Axes.Top.FrameLineStyle.Width = 0;
        plot.Axes.Right.FrameLineStyle.Width = 0;
        plot.Legend.BackgroundColor = Colors.Transparent;
        plot.Legend.OutlineColor = Colors.Transparent;
        plot.Legend.ShadowColor = Colors.Transparent;
        plot.Legend.FontColor = Ink;
        plot.Legend.FontSize = FontSize;
        fill(plot);
        foreach (IAxis axis in plot.Axes.GetAxes())
        {
            axis.Label.Bold = false;
            axis.Label.FontSize = FontSize;
            axis.Label.ForeColor = Ink;
            axis.TickLabelStyle.FontSize = FontSize;
            axis.TickLabelStyle.ForeColor = Ink;
        }

        return plot.GetImageBytes(DrawnWidth * Density, height * Density, ImageFormat.Png);
    }

    private static Color Colour(SKColor colour) => new(colour.Red, colour.Green, colour.Blue);
}

/// <summary>A variant in a chart, drawn in one colour.</summary>
/// <param name="Label">Its name in the legend.</param>
/// <param name="Number">Its place among the variants, from 0.</param>
/// <param name="IsBaseline">Whether it is the baseline.</param>
internal readonly record struct Series(string Label, int Number, bool IsBaseline);
