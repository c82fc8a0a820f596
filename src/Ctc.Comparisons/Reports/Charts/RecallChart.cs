using ScottPlot;
using ScottPlot.Plottables;

namespace Ctc.Comparisons.Reports.Charts;

/// <summary>The recall of the symbols, from the rarest in training to the most frequent.</summary>
internal static class RecallChart
{
    private const int Height = 380;

    /// <param name="theme">Colours.</param>
    /// <param name="meaning">The label of the horizontal axis.</param>
    /// <param name="places">The label of each place of the axis.</param>
    /// <param name="lines">For each series its recall at every place, in per cent.</param>
    public static byte[] Draw(
        ChartTheme theme,
        string meaning,
        IReadOnlyList<string> places,
        IReadOnlyList<(Series Series, IReadOnlyList<double> Recall)> lines) => theme.Draw(
        Height + theme.MoreOfLegend([.. lines.Select(line => line.Series.Label)]), plot =>
    {
        double[] at = [.. Enumerable.Range(0, places.Count).Select(place => (double)place)];
        plot.Axes.Bottom.TickGenerator = new ScottPlot.TickGenerators.NumericManual(at, [.. places]);
        plot.Axes.Bottom.Label.Text = meaning;
        plot.Axes.Left.Label.Text = "recall, %";
        foreach ((Series series, IReadOnlyList<double> recall) in lines.OrderBy(line => line.Series.IsBaseline))
        {
            Scatter line = plot.Add.Scatter(at, recall.ToArray(), theme.ColourOf(series));
            line.LegendText = series.Label;
            line.LineWidth = 2;
            line.LinePattern = series.IsBaseline ? LinePattern.Dashed : LinePattern.Solid;
            line.MarkerShape = ChartTheme.Marker(series);
            line.MarkerSize = 7;
        }

        plot.Axes.AutoScale();
        ChartTheme.ShowLegend(plot);
    });
}
