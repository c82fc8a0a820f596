using SkiaSharp;

namespace Ctc.Experiments.Pictures;

/// <summary>
/// Probabilities of tokens over time: one row a token, the blank at the bottom. Dots mark the best alignment, where the frames are those of the
/// model.
/// </summary>
internal sealed class HeatPanel(string heading, AlignmentDrawing drawing, float[,] values, SKColor[] ramp)
    : Panel(heading + More(drawing), drawing.Rows.Count * RowHeight)
{
    private const float RowHeight = 14;

    private readonly int[] rows = [.. drawing.Rows];

    private static string More(AlignmentDrawing drawing) =>
        drawing.TokensWithoutRow is > 0 and var more ? $" (+ {more} more tokens)" : "";

    /// <inheritdoc/>
    public override void Draw(Sheet sheet, float y)
    {
        TimeAxis time = sheet.Time;
        int frames = values.GetLength(0);
        (float left, float right) = time.Edges(0, frames * drawing.StrideOf(frames) / drawing.Stride);
        var area = new SKRect(left, y, right, y + Height);
        sheet.Cells(area, frames, rows.Length, (column, row) => ColourOf(time.FrameAt(column, frames), row));
        for (int row = 0; row < rows.Length; row++)
        {
            float top = y + row * RowHeight;
            if (row > 0) sheet.Line(area.Left, top, area.Right, top, Palette.Faint, 0.5f);
            sheet.Label(drawing.Label(rows[row]), area.Left - 8, top + RowHeight / 2, 10.5f, Palette.Ink, SKTextAlign.Right);
        }

        sheet.Outline(area, Palette.Faint);
        long[] path = frames == time.Frames ? drawing.ViterbiPath ?? [] : [];
        for (int t = 0; t < path.Length; t++) Dot(sheet, y, t, Array.IndexOf(rows, (int)path[t]));
        ColourBar(sheet, new SKRect(area.Right + 14, y, area.Right + 24, area.Bottom));
    }

    private bool IsBlank(int row) => rows[row] == drawing.Alphabet.Blank;

    private SKColor ColourOf(int t, int row) => Palette.At(IsBlank(row) ? Palette.BlankGreys : ramp, values[t, rows[row]]);

    private void Dot(Sheet sheet, float y, int t, int row)
    {
        if (row < 0) return; // A token of a target so long that not all of it has rows.
        float radius = Math.Min(2, sheet.Time.Frame / 4);
        var dot = SKRect.Create(sheet.Time.X(t + 0.5) - radius, y + (row + 0.5f) * RowHeight - radius, 2 * radius, 2 * radius);
        sheet.Fill(dot, Palette.TextOn(ColourOf(t, row)), radius);
    }

    private void ColourBar(Sheet sheet, SKRect bar)
    {
        const int steps = 100;
        sheet.Cells(bar, 1, steps, (_, i) => Palette.At(ramp, 1 - i / (steps - 1.0)));
        sheet.Outline(bar, Palette.Faint);
        sheet.Label("1", bar.Right + 5, bar.Top + 5, 9, Palette.Quiet, SKTextAlign.Left);
        sheet.Label("0", bar.Right + 5, bar.Bottom - 5, 9, Palette.Quiet, SKTextAlign.Left);
    }
}
