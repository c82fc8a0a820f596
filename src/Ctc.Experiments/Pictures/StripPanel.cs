using SkiaSharp;

namespace Ctc.Experiments.Pictures;

/// <summary>The frames of each token: by the best alignment and, if known, the true ones. Blanks are grey.</summary>
internal sealed class StripPanel(AlignmentDrawing drawing)
    : Panel(HeadingOf(drawing), RowHeight * ((drawing.ViterbiPath is null ? 0 : 1) + (drawing.Utterance.Spans is null ? 0 : 1)))
{
    private const float RowHeight = 26;

    /// <inheritdoc/>
    public override void Draw(Sheet sheet, float y)
    {
        if (drawing.ViterbiPath is { } path)
        {
            Row(sheet, y, "Viterbi", Runs(path, drawing.Alphabet.Blank), 1);
            y += RowHeight;
        }

        if (drawing.Utterance.Spans is { } spans)
        {
            Row(sheet, y, "truth", spans.Zip(drawing.Utterance.Target, (span, token) => (span, token)), 1 / drawing.Stride);
        }
    }

    /// <summary>The stretches of frames in which a path stays on one token other than the blank.</summary>
    internal static IEnumerable<(FrameSpan Span, long Token)> Runs(long[] path, long blank)
    {
        for (int start = 0, end; start < path.Length; start = end)
        {
            end = start + 1;
            while (end < path.Length && path[end] == path[start]) end++;
            if (path[start] != blank) yield return (new FrameSpan(start, end), path[start]);
        }
    }

    private void Row(Sheet sheet, float y, string label, IEnumerable<(FrameSpan Span, long Token)> tokens, double scale)
    {
        TimeAxis time = sheet.Time;
        float middle = y + RowHeight / 2;
        sheet.Label(label, time.Left - 8, middle, 10.5f, Palette.Ink, SKTextAlign.Right);
        sheet.Fill(new SKRect(time.Left, middle - 3, time.Right, middle + 3), Palette.Faint, 3);
        int u = 0;
        foreach ((FrameSpan span, long token) in tokens)
        {
            SKColor colour = Palette.Hue(u++);
            var box = new SKRect(time.X(span.Start * scale) + 0.5f, middle - 10, time.X(span.End * scale) - 0.5f, middle + 10);
            sheet.Fill(box, colour, 3);
            string symbol = TokenLabel.From(drawing.Vocabulary.Symbol(token));
            if (Sheet.Measure(symbol, 11) <= box.Width) sheet.Label(symbol, box.MidX, middle, 11, Palette.TextOn(colour), SKTextAlign.Center);
        }
    }

    /// <summary>Faint lines across a panel, at the true start and end of each token.</summary>
    public static void Guides(Sheet sheet, AlignmentDrawing drawing, float top, float bottom)
    {
        int u = 0;
        foreach (FrameSpan span in drawing.Utterance.Spans ?? [])
        {
            SKColor colour = Palette.Hue(u++).WithAlpha(0x90);
            foreach (int edge in new[] { span.Start, span.End })
            {
                float x = sheet.Time.X(edge / drawing.Stride);
                sheet.Line(x, top, x, bottom, colour, 0.75f);
            }
        }
    }

    private static string HeadingOf(AlignmentDrawing drawing) =>
        drawing.ViterbiPath is null ? "the truth" : "the best alignment, which the dots above show too";
}
