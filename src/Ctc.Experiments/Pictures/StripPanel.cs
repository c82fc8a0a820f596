using Ctc.Engine.Decoding;
using SkiaSharp;

namespace Ctc.Experiments.Pictures;

/// <summary>
/// The frames of each token: by the best alignment, between its edges and, if known, the true ones; and those of words with several pronunciations.
/// </summary>
internal sealed class StripPanel(AlignmentDrawing drawing) : Panel(HeadingOf(drawing), Strip.Height * Rows(drawing).Count())
{
    /// <inheritdoc/>
    public override void Draw(Sheet sheet, float y)
    {
        foreach ((string label, IEnumerable<(FrameInterval, string)> boxes, double scale) in Rows(drawing))
        {
            Strip.Draw(sheet, y, label, boxes, scale);
            y += Strip.Height;
        }
    }

    /// <summary>The boxes of a path, with the labels of its tokens.</summary>
    internal static IEnumerable<(FrameInterval Span, string Text)> Boxes(AlignmentDrawing drawing, long[] path) =>
        Runs(path, drawing.Alphabet.Blank).Select(run => (run.Span.ToFrameInterval(), drawing.Label(run.Token)));

    /// <summary>The stretches of frames in which a path stays on one token other than the blank.</summary>
    internal static IEnumerable<(FrameSpan Span, long Token)> Runs(long[] path, long blank) =>
        TokenRuns.Find(path, blank, merges: true).Select(span => (span, path[span.Start]));

    /// <summary>Faint lines across a panel, at the true start and end of each token.</summary>
    public static void Guides(Sheet sheet, AlignmentDrawing drawing, float top, float bottom)
    {
        int u = 0;
        foreach (FrameInterval span in drawing.Utterance.Spans ?? [])
        {
            SKColor colour = Palette.Hue(u++).WithAlpha(0x90);
            foreach (double edge in new[] { span.Start, span.End })
            {
                float x = sheet.Time.X(edge / drawing.Stride);
                sheet.Line(x, top, x, bottom, colour, 0.75f);
            }
        }
    }

    private static IEnumerable<(string Label, IEnumerable<(FrameInterval, string)> Boxes, double Scale)> Rows(AlignmentDrawing drawing)
    {
        if (drawing.ViterbiPath is { } path) yield return ("Viterbi", Boxes(drawing, path), 1);
        if (drawing.Words.Count > 0)
        {
            yield return ("words", drawing.Words.Select(word => (new FrameInterval(word.Start, word.End), word.Word)), 1);
        }

        if (drawing.Edges.Count > 0) yield return ("edges", Tokens(drawing, drawing.Edges), 1 / drawing.Stride);
        if (drawing.Utterance.Spans is { } spans) yield return ("truth", Tokens(drawing, spans), 1 / drawing.Stride);
    }

    private static IEnumerable<(FrameInterval, string)> Tokens(AlignmentDrawing drawing, IReadOnlyList<FrameInterval> spans) =>
        spans.Zip(drawing.Utterance.Target, (span, token) => (span, drawing.Label(token)));

    private static string HeadingOf(AlignmentDrawing drawing) =>
        drawing.ViterbiPath is not null ? "the best alignment, which the dots above show too"
        : drawing.Edges.Count > 0 ? "the alignment" : "the truth";
}
