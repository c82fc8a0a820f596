using SkiaSharp;
using SkiaSharp.HarfBuzz;

namespace Ctc.Experiments.Data.TypesetLines;

/// <summary>A line of text in one font and size, shaped as the font demands: kerning, ligatures, joined letters.</summary>
internal sealed class PrintedLine : IDisposable
{
    private readonly SKFont font;
    private readonly SKShaper shaper;
    private readonly string text;
    private readonly float ascent;

    /// <param name="typeface">The font, which stays open.</param>
    /// <param name="text">Text of one direction.</param>
    /// <param name="size">The rows from the top of the ascenders to the bottom of the descenders.</param>
    public PrintedLine(SKTypeface typeface, string text, double size)
    {
        this.text = text;
        font = new SKFont(typeface, 1) { Hinting = SKFontHinting.None, Subpixel = true, LinearMetrics = true };
        SKFontMetrics metrics = font.Metrics;
        font.Size = (float)(size / (metrics.Descent - metrics.Ascent));
        ascent = -metrics.Ascent * font.Size;
        shaper = new SKShaper(typeface);
        Width = shaper.Shape(text, font).Width;
    }

    /// <summary>Gets its width in columns.</summary>
    public float Width { get; }

    /// <summary>Draws it.</summary>
    /// <param name="canvas">Receives the ink.</param>
    /// <param name="ink">Colour and blur.</param>
    /// <param name="left">The column where it begins.</param>
    /// <param name="top">The row of the top of the ascenders.</param>
    public void Draw(SKCanvas canvas, SKPaint ink, float left, float top) => canvas.DrawShapedText(shaper, text, left, top + ascent, font, ink);

    public void Dispose()
    {
        shaper.Dispose();
        font.Dispose();
    }
}
