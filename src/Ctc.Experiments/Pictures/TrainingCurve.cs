using Ctc.Experiments.Files;
using Ctc.Experiments.Fonts;
using Ctc.Experiments.Training;
using ScottPlot;
using ScottPlot.Plottables;

namespace Ctc.Experiments.Pictures;

/// <summary>Draws how training went: the loss, and the metric by which epochs are compared.</summary>
public static class TrainingCurve
{
    /// <summary>Gets the width of the picture in pixels.</summary>
    public const int Width = 1200;

    /// <summary>Gets the height of the picture in pixels.</summary>
    public const int Height = 700;

    /// <summary>Writes the curve as PNG, through a temporary file, so that a partial file is never visible.</summary>
    /// <param name="file">A path in an existing folder.</param>
    /// <param name="epochs">
    /// In order. Losses are in the unit of the objective, on the left axis; the metric is in its own, per cent for a share, on the right axis.
    /// The epoch of its best value is marked. What is not finite is left out.
    /// </param>
    /// <param name="metric">Name, unit and direction of the metric by which epochs are compared.</param>
    public static void Write(
        string file, IReadOnlyList<(int Epoch, double TrainLoss, double DevLoss, double DevMetric)> epochs, MetricValue metric)
    {
        ArgumentNullException.ThrowIfNull(metric);
        ArgumentNullException.ThrowIfNull(epochs);
        EmbeddedFont.MakeKnown();
        using var plot = new Plot();
        plot.ScaleFactor = 1.5;
        Axes(plot, epochs.Count == 0 ? 1 : epochs.Max(point => point.Epoch), metric);
        Scatter train = Line(plot, "objective, train", epochs.Select(point => (point.Epoch, point.TrainLoss)), plot.Axes.Left, TrainColour);
        train.LinePattern = LinePattern.Dashed;
        Line(plot, "loss, dev", epochs.Select(point => (point.Epoch, point.DevLoss)), plot.Axes.Left, DevColour);
        Line(plot, $"{metric.Name}, dev", epochs.Select(point => (point.Epoch, point.DevMetric)), plot.Axes.Right, ErrorColour);
        MarkBest(plot, [.. epochs.Where(point => double.IsFinite(point.DevMetric))], metric);
        plot.Axes.AutoScale();
        // A transformed objective may be negative.
        plot.Axes.SetLimitsY(Math.Min(0, plot.Axes.Left.Min), Math.Max(1e-3, plot.Axes.Left.Max), plot.Axes.Left);
        double lowest = epochs.Select(point => point.DevMetric).Where(double.IsFinite).Append(0).Min();
        plot.Axes.SetLimitsY(lowest, Math.Max(1e-3, plot.Axes.Right.Max), plot.Axes.Right);
        WholeFile.Write(file, plot.GetImageBytes(Width, Height, ImageFormat.Png));
    }

    private static Color TrainColour => Colour(Palette.Blues[1]);

    private static Color DevColour => Colour(Palette.Blues[2]);

    private static Color ErrorColour => Colour(Palette.Wrong);

    private static Color Colour(SkiaSharp.SKColor colour) => new(colour.Red, colour.Green, colour.Blue);

    private static void Axes(Plot plot, int lastEpoch, MetricValue metric)
    {
        plot.Font.Set(EmbeddedFont.Name);
        plot.Axes.Color(Colour(Palette.Quiet));
        plot.Axes.Top.FrameLineStyle.Width = 0;
        plot.Grid.MajorLineColor = Colour(Palette.Faint);
        plot.Axes.Bottom.Label.Text = "epoch";
        plot.Axes.Left.Label.Text = "loss";
        plot.Axes.Right.Label.Text = metric.Unit.Length == 0 ? metric.Name : $"{metric.Name}, {metric.Unit}";
        foreach (IAxis axis in new IAxis[] { plot.Axes.Bottom, plot.Axes.Left, plot.Axes.Right }) axis.Label.Bold = false;
        plot.Axes.Left.Label.ForeColor = DevColour;
        plot.Axes.Right.Label.ForeColor = ErrorColour;
        plot.Axes.Bottom.TickGenerator = new ScottPlot.TickGenerators.NumericAutomatic { IntegerTicksOnly = true };
        plot.Axes.SetLimitsX(0.5, lastEpoch + 0.5);
        plot.ShowLegend(Alignment.UpperRight);
        plot.Legend.ShadowColor = Colors.Transparent;
        plot.Legend.OutlineColor = Colour(Palette.Faint);
    }

    private static Scatter Line(Plot plot, string name, IEnumerable<(int Epoch, double Value)> points, IYAxis axis, Color colour)
    {
        Coordinates[] finite = [.. points.Where(point => double.IsFinite(point.Value)).Select(point => new Coordinates(point.Epoch, point.Value))];
        Scatter line = plot.Add.Scatter(finite, colour);
        line.LegendText = name;
        line.LineWidth = 2;
        line.MarkerSize = finite.Length < 40 ? 5 : 0;
        line.Axes.YAxis = axis;
        return line;
    }

    private static void MarkBest(
        Plot plot, IReadOnlyList<(int Epoch, double TrainLoss, double DevLoss, double DevMetric)> epochs, MetricValue metric)
    {
        if (epochs.Count == 0) return;
        (int epoch, _, _, double value) = epochs.MinBy(point => (metric.HigherIsBetter ? -point.DevMetric : point.DevMetric, point.DevLoss));
        plot.Add.VerticalLine(epoch, 1, Colour(Palette.Quiet), LinePattern.Dotted);
        Marker best = plot.Add.Marker(epoch, value, MarkerShape.OpenCircle, 14, ErrorColour);
        best.MarkerLineWidth = 2;
        best.Axes.YAxis = plot.Axes.Right;
        best.LegendText = $"best: epoch {epoch}, {value:0.00} {metric.Unit}".TrimEnd();
    }
}
