using ScottPlot;
using ScottPlot.Plottables;

namespace Ctc.Comparisons.Reports.Charts;

/// <summary>Means over the seeds at each epoch, each in a band from the smallest to the largest of the seeds.</summary>
internal static class CurveChart
{
    private const int Height = 380;
    private const byte BandOpacity = 45;

    /// <summary>Draws them, the baseline on top of the others. Where values are over decades the vertical axis is logarithmic.</summary>
    /// <param name="theme">Colours.</param>
    /// <param name="quantity">The name of the vertical axis, with the unit.</param>
    /// <param name="curves">The variants.</param>
    public static byte[] Draw(ChartTheme theme, string quantity, IReadOnlyList<Curve> curves) => theme.Draw(
        Height + theme.MoreOfLegend([.. curves.Select(curve => curve.Series.Label)]), plot =>
    {
        LogAxis? log = LogAxis.Find(curves.SelectMany(curve => curve.Points).SelectMany(point => new[] { point.Low, point.High }));
        double Y(double value) => log is null ? value : Math.Log10(value);
        plot.Axes.Bottom.Label.Text = "epoch";
        plot.Axes.Left.Label.Text = quantity;
        if (log is not null) plot.Axes.Left.TickGenerator = log.Ticks;
        plot.Axes.Bottom.TickGenerator = new ScottPlot.TickGenerators.NumericAutomatic { IntegerTicksOnly = true };
        foreach (Curve curve in curves)
        {
            var points = curve.Points
                .Select((point, at) => (Epoch: at + 1.0, point.Low, point.High))
                .Where(point => double.IsFinite(point.High - point.Low))
                .ToArray();
            FillY band = plot.Add.FillY(
                [.. points.Select(point => point.Epoch)], [.. points.Select(point => Y(point.Low))], [.. points.Select(point => Y(point.High))]);
            band.FillColor = theme.ColourOf(curve.Series).WithAlpha(BandOpacity);
            band.LineWidth = 0;
            band.MarkerStyle.IsVisible = false;
        }

        foreach (Curve curve in curves.OrderBy(curve => curve.Series.IsBaseline))
        {
            Coordinates[] means =
                [.. curve.Points.Select((point, at) => new Coordinates(at + 1, Y(point.Mean))).Where(point => double.IsFinite(point.Y))];
            Scatter line = plot.Add.Scatter(means, theme.ColourOf(curve.Series));
            line.LegendText = curve.Series.Label;
            line.LineWidth = 2;
            line.LinePattern = curve.Series.IsBaseline ? LinePattern.Dashed : LinePattern.Solid;
            line.MarkerShape = ChartTheme.Marker(curve.Series);
            line.MarkerSize = means.Length < 30 ? 5 : 0;
        }

        plot.Axes.AutoScale();
        ChartTheme.ShowLegend(plot);
    });
}

/// <summary>A variant over the epochs, from the first.</summary>
/// <param name="Series">The series of the variant.</param>
/// <param name="Points">For each epoch the mean over the seeds, the smallest and the largest; NaN if nothing was measured.</param>
internal sealed record Curve(Series Series, IReadOnlyList<(double Mean, double Low, double High)> Points);
