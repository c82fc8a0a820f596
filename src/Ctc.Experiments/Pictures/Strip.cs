using SkiaSharp;

namespace Ctc.Experiments.Pictures;

/// <summary>A row of boxes over time: the frames of each token or word. Frames of none are grey.</summary>
internal static class Strip
{
    public const float Height = 26;

    /// <summary>Draws the row, its top at y.</summary>
    /// <param name="sheet">The sheet.</param>
    /// <param name="y">The top.</param>
    /// <param name="label">The text beside the row.</param>
    /// <param name="boxes">Frames and texts; a text that is wider than its box is left out.</param>
    /// <param name="scale">The frames of the model for a frame of the boxes.</param>
    public static void Draw(Sheet sheet, float y, string label, IEnumerable<(FrameInterval Span, string Text)> boxes, double scale = 1)
    {
        TimeAxis time = sheet.Time;
        float middle = y + Height / 2;
        sheet.Label(label, time.Left - 8, middle, 10.5f, Palette.Ink, SKTextAlign.Right);
        sheet.Fill(new SKRect(time.Left, middle - 3, time.Right, middle + 3), Palette.Faint, 3);
        int u = 0;
        foreach ((FrameInterval span, string text) in boxes)
        {
            SKColor colour = Palette.Hue(u++);
            (float left, float right) = time.Edges(span.Start * scale, span.End * scale);
            var box = new SKRect(left + 0.5f, middle - 10, right - 0.5f, middle + 10);
            sheet.Fill(box, colour, 3);
            if (Sheet.Measure(text, 11) <= box.Width) sheet.Label(text, box.MidX, middle, 11, Palette.TextOn(colour), SKTextAlign.Center);
        }
    }
}
