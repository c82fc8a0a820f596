using Ctc.Experiments.Files;
using Ctc.Experiments.Fonts;
using Ctc.Experiments.Texts;
using SkiaSharp;
using SkiaSharp.HarfBuzz;

namespace Ctc.Experiments.Pictures;

/// <summary>Paper to draw on, with a time axis that all that is drawn shares. Lengths are in points; a point is two pixels.</summary>
internal sealed class Sheet : IDisposable
{
    private const int PixelsPerPoint = 2;

    private readonly SKBitmap bitmap;
    private readonly SKCanvas canvas;
    private readonly SKPaint paint = new() { IsAntialias = true };

    /// <summary>Takes a sheet of white paper.</summary>
    public Sheet(float width, float height, TimeAxis time)
    {
        Width = width;
        Time = time;
        bitmap = new SKBitmap((int)Math.Ceiling(width) * PixelsPerPoint, (int)Math.Ceiling(height) * PixelsPerPoint, isOpaque: true);
        canvas = new SKCanvas(bitmap);
        canvas.Clear(SKColors.White);
        canvas.Scale(PixelsPerPoint);
    }

    public float Width { get; }

    public TimeAxis Time { get; }

    /// <summary>Measures the width of a text.</summary>
    public static float Measure(string text, float size)
    {
        using var font = new SKFont(TextFont.For(text), size);
        return font.MeasureText(text);
    }

    /// <summary>Writes a text with its baseline at y. Returns the x of its end.</summary>
    public float Text(string text, float x, float y, float size, SKColor colour, SKTextAlign align = SKTextAlign.Left)
    {
        using var font = new SKFont(TextFont.For(text), size);
        paint.Style = SKPaintStyle.Fill;
        paint.Color = colour;
        if (WritingDirection.IsRightToLeft(text)) canvas.DrawShapedText(text, x, y, align, font, paint);
        else canvas.DrawText(text, x, y, align, font, paint);
        return x + font.MeasureText(text);
    }

    /// <summary>Writes a text whose letters are centred on a height.</summary>
    public void Label(string text, float x, float middle, float size, SKColor colour, SKTextAlign align) =>
        Text(text, x, middle + 0.36f * size, size, colour, align); // Digits and capitals are 0.73 of the size high.

    /// <summary>Fills a rectangle.</summary>
    public void Fill(SKRect area, SKColor colour, float radius = 0)
    {
        paint.Style = SKPaintStyle.Fill;
        paint.Color = colour;
        canvas.DrawRoundRect(area, radius, radius, paint);
    }

    /// <summary>Draws the border of a rectangle.</summary>
    public void Outline(SKRect area, SKColor colour, float width = 1, float radius = 0)
    {
        paint.Style = SKPaintStyle.Stroke;
        paint.StrokeWidth = width;
        paint.Color = colour;
        canvas.DrawRoundRect(area, radius, radius, paint);
    }

    /// <summary>Draws a straight line.</summary>
    public void Line(float x1, float y1, float x2, float y2, SKColor colour, float width = 1)
    {
        paint.Style = SKPaintStyle.Stroke;
        paint.StrokeWidth = width;
        paint.Color = colour;
        canvas.DrawLine(x1, y1, x2, y2, paint);
    }

    /// <summary>Draws a grid of values as coloured cells, without smoothing between them.</summary>
    public void Cells(SKRect area, int columns, int rows, Func<int, int, SKColor> colour)
    {
        if (columns == 0 || rows == 0) return;
        using var cells = new SKBitmap(columns, rows, SKColorType.Rgba8888, SKAlphaType.Opaque);
        cells.Pixels = [.. Enumerable.Range(0, columns * rows).Select(i => colour(i % columns, i / columns))];
        using SKImage image = SKImage.FromBitmap(cells);
        canvas.DrawImage(image, area, new SKSamplingOptions(SKFilterMode.Nearest));
    }

    /// <summary>Writes the sheet as PNG.</summary>
    public void Write(string file)
    {
        canvas.Flush();
        PngFile.Write(file, bitmap);
    }

    public void Dispose()
    {
        paint.Dispose();
        canvas.Dispose();
        bitmap.Dispose();
    }
}
