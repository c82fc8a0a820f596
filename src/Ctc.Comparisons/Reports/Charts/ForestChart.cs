using Ctc.Comparisons.Statistics;
using ScottPlot;

namespace Ctc.Comparisons.Reports.Charts;

/// <summary>Differences to the baseline, one row each: a thick interval over seeds, a thin one below it over the test set.</summary>
internal static class ForestChart
{
    private const int RowHeight = 40;
    private const int AroundRows = 64;

    public static byte[] Draw(ChartTheme theme, string unit, IReadOnlyList<ForestRow> rows) => theme.Draw(AroundRows + RowHeight * rows.Count, plot =>
    {
        plot.Axes.Left.TickGenerator = new ScottPlot.TickGenerators.NumericManual(
            [.. rows.Select((_, row) => (double)-row)], [.. rows.Select(row => row.Series.Label)]);
        plot.Axes.Left.MajorTickStyle.Length = 0;
        plot.Axes.Left.FrameLineStyle.Width = 0;
        plot.Axes.Bottom.Label.Text = unit;
        plot.Add.VerticalLine(0, 1, theme.Ink);
        for (int row = 0; row < rows.Count; row++)
        {
            (Series series, double difference, Interval? overSeeds, Interval? onTestSet) = rows[row];
            Color colour = theme.ColourOf(series);
            if (overSeeds is { } seeds) Line(seeds, -row + 0.1, 4);
            if (onTestSet is { } set) Line(set, -row - 0.22, 1.5f);
            plot.Add.Marker(difference, -row + 0.1, MarkerShape.FilledCircle, 11, colour);

            void Line(Interval interval, double y, float width) =>
                plot.Add.Line(interval.Low, y, interval.High, y).LineStyle = new LineStyle(width, colour);
        }

        plot.Axes.AutoScaleX();
        plot.Axes.SetLimitsY(-rows.Count + 0.5, 0.5);
        plot.Grid.YAxisStyle.IsVisible = false;
    });
}

/// <summary>A row of a forest, in the unit of the chart.</summary>
internal readonly record struct ForestRow(Series Series, double Difference, Interval? OverSeeds, Interval? OnTestSet);
