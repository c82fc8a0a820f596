using SkiaSharp;

namespace Ctc.Experiments.Pictures;

/// <summary>
/// Draws how CTC reads one utterance. From top to bottom, over one time axis: the input; p, the posterior of each frame;
/// γ, the occupancy given the target; the best alignment beside the truth; and, if any are given, the hypotheses of a decoder.
/// </summary>
public static class AlignmentPicture
{
    private const float Left = 58;
    private const float Right = 66;
    private const float Top = 66;
    private const float Between = 34;
    private const float Bottom = 46;
    private const float WidestPlot = 900;
    private const float WidestFrame = 17;
    private const float NarrowestSheet = 420;

    /// <summary>The most frames of an utterance that can be told apart in a picture.</summary>
    public const int MostFrames = 6000;

    /// <summary>Writes the picture as PNG, through a temporary file, so that a partial file is never visible.</summary>
    /// <param name="file">A path in an existing folder.</param>
    /// <param name="drawing">The content.</param>
    /// <exception cref="ArgumentException">Posteriors, occupancy, path and alphabet do not have the same T or V.</exception>
    public static void Write(string file, AlignmentDrawing drawing)
    {
        ArgumentNullException.ThrowIfNull(drawing);
        Check(drawing);

        List<Panel> panels = Panels(drawing, FrameWidth(drawing));
        var time = new TimeAxis(Left, FrameWidth(drawing), drawing.Frames) { IsRightToLeft = drawing.IsRightToLeft };
        float height = Top + panels.Sum(panel => panel.Height) + Between * panels.Count + Bottom;
        using var sheet = new Sheet(Math.Max(NarrowestSheet, time.Right + Right), height, time);
        Title.Draw(sheet, drawing);
        float y = Top;
        foreach (Panel panel in panels)
        {
            sheet.Text(panel.Heading, Left, y + Between - 9, 11, Palette.Quiet);
            panel.Draw(sheet, y + Between);
            StripPanel.Guides(sheet, drawing, y + Between, y + Between + panel.Height);
            y += Between + panel.Height;
        }

        Axis(sheet, y + 4, drawing);
        sheet.Write(file);
    }

    private static List<Panel> Panels(AlignmentDrawing drawing, float frame)
    {
        List<Panel> panels =
        [
            new InputPanel(drawing, frame),
            new HeatPanel("p: the posterior of each frame", drawing, drawing.Posteriors, Palette.Blues),
        ];
        panels.AddRange(
            from head in drawing.Heads
            where head.Posteriors.GetLength(1) == drawing.Vocabulary.Size
            select new HeatPanel($"p of the head {head.Name}", drawing, head.Posteriors, Palette.Blues));
        if (drawing.Occupancy is { } occupancy)
        {
            panels.Add(new HeatPanel("γ: the share of each token, given the target", drawing, occupancy, Palette.Oranges));
        }

        if (drawing.ViterbiPath is not null || drawing.Utterance.Spans is not null || drawing.Edges.Count > 0) panels.Add(new StripPanel(drawing));
        if (drawing.Hypotheses.Count > 0) panels.Add(new HypothesisPanel(drawing));
        return panels;
    }

    private static float FrameWidth(AlignmentDrawing drawing) =>
        Math.Min(WidestFrame * (float)drawing.Stride, WidestPlot / Math.Max(1, drawing.Frames));

    private static void Axis(Sheet sheet, float y, AlignmentDrawing drawing)
    {
        double unitsPerFrame = drawing.Stride * (drawing.FrameMilliseconds ?? 1000) / 1000;
        sheet.Line(sheet.Time.Left, y, sheet.Time.Right, y, Palette.Quiet, 0.75f);
        foreach ((double value, float x) in sheet.Time.Ticks(unitsPerFrame))
        {
            sheet.Line(x, y, x, y + 4, Palette.Quiet, 0.75f);
            sheet.Text($"{Math.Round(value, 6)}", x, y + 16, 10, Palette.Quiet, SKTextAlign.Center);
        }

        string unit = drawing.FrameMilliseconds is null ? "frame" : "s";
        sheet.Text(unit, sheet.Time.Right + 14, y + 16, 10, Palette.Quiet);
    }

    private static void Check(AlignmentDrawing drawing)
    {
        (long T, long V) = (drawing.Frames, drawing.Vocabulary.Size);
        Same("posteriors", drawing.Posteriors.GetLength(0), drawing.Posteriors.GetLength(1));
        if (drawing.Occupancy is { } occupancy) Same("occupancy", occupancy.GetLength(0), occupancy.GetLength(1));
        int onPath = drawing.ViterbiPath?.Length ?? drawing.Frames;
        if (onPath != T) throw new ArgumentException($"The Viterbi path has {onPath} frames; expected {T}.");

        void Same(string what, long frames, long tokens)
        {
            if ((frames, tokens) == (T, V)) return;
            throw new ArgumentException($"The shape of the {what} is {frames} × {tokens}; expected {T} frames × {V} tokens.");
        }
    }
}
