using Ctc.Experiments.Files;
using Ctc.Experiments.Fonts;
using ScottPlot;
using ScottPlot.Plottables;

namespace Ctc.Experiments.Pictures;

/// <summary>Draws how training went: the loss, and the share of tokens read wrongly.</summary>
public static class TrainingCurve
{
    /// <summary>Gets the width of the picture in pixels.</summary>
    public const int Width = 1200;

    /// <summary>Gets the height of the picture in pixels.</summary>
    public const int Height = 700;

    /// <summary>Writes the curve as PNG, through a temporary file, so that a partial file is never visible.</summary>
    /// <param name="file">A path in an existing folder.</param>
    /// <param name="epochs">
    /// In order. Losses are in the unit of the objective, on the left axis; the error rate is a share, 1 = 100 %, on the right
    /// axis. The epoch of the smallest error rate is marked as the best. What is not finite is left out.
    /// </param>
    public static void Write(string file, IReadOnlyList<(int Epoch, double TrainLoss, double DevLoss, double DevTokenErrorRate)> epochs)
    {
        ArgumentNullException.ThrowIfNull(epochs);
        EmbeddedFont.MakeKnown();
        using var plot = new Plot();
        plot.ScaleFactor = 1.5;
        Axes(plot, epochs.Count == 0 ? 1 : epochs.Max(point => point.Epoch));
        Scatter train = Line(plot, "objective, train", epochs.Select(point => (point.Epoch, point.TrainLoss)), plot.Axes.Left, TrainColour);
        train.LinePattern = LinePattern.Dashed;
        Line(plot, "loss, dev", epochs.Select(point => (point.Epoch, point.DevLoss)), plot.Axes.Left, DevColour);
        Line(plot, "token error rate, dev", epochs.Select(point => (point.Epoch, 100 * point.DevTokenErrorRate)), plot.Axes.Right, ErrorColour);
        MarkBest(plot, [.. epochs.Where(point => double.IsFinite(point.DevTokenErrorRate))]);
        plot.Axes.AutoScale();
        // A transformed objective may be negative.
        plot.Axes.SetLimitsY(Math.Min(0, plot.Axes.Left.Min), Math.Max(1e-3, plot.Axes.Left.Max), plot.Axes.Left);
        plot.Axes.SetLimitsY(0, Math.Max(1e-3, plot.Axes.Right.Max), plot.Axes.Right);
        WholeFile.Write(file, plot.GetImageBytes(Width, Height, ImageFormat.Png));
    }

    private static Color TrainColour => Colour(Palette.Blues[1]);

    private static Color DevColour => Colour(Palette.Blues[2]);

    private static Color ErrorColour => Colour(Palette.Wrong);

    private static Color Colour(SkiaSharp.SKColor colour) => new(colour.Red, colour.Green, colour.Blue);

    private static void Axes(Plot plot, int lastEpoch)
    {
        plot.Font.Set(EmbeddedFont.Name);
        plot.Axes.Color(Colour(Palette.Quiet));
        plot.Axes.Top.FrameLineStyle.Width = 0;
        plot.Grid.MajorLineColor = Colour(Palette.Faint);
        plot.Axes.Bottom.Label.Text = "epoch";
        plot.Axes.Left.Label.Text = "loss";
        plot.Axes.Right.Label.Text = "token error rate, %";
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

    private static void MarkBest(Plot plot, IReadOnlyList<(int Epoch, double TrainLoss, double DevLoss, double DevTokenErrorRate)> epochs)
    {
        if (epochs.Count == 0) return;
        (int epoch, _, _, double rate) = epochs.MinBy(point => (point.DevTokenErrorRate, point.DevLoss));
        plot.Add.VerticalLine(epoch, 1, Colour(Palette.Quiet), LinePattern.Dotted);
        Marker best = plot.Add.Marker(epoch, 100 * rate, MarkerShape.OpenCircle, 14, ErrorColour);
        best.MarkerLineWidth = 2;
        best.Axes.YAxis = plot.Axes.Right;
        best.LegendText = $"best: epoch {epoch}, {100 * rate:0.00} %";
    }
}
