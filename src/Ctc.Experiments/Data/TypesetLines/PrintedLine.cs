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

    /// <param name="print">The font, which stays open.</param>
    /// <param name="text">Text of one direction.</param>
    /// <param name="size">The rows from the top of the font's highest symbol to the bottom of its lowest.</param>
    public PrintedLine(PrintFont print, string text, double size)
    {
        this.text = text;
        font = print.At((float)(size / (print.Top + print.Bottom)));
        ascent = print.Top * font.Size;
        shaper = new SKShaper(print.Typeface);
        Width = shaper.Shape(text, font).Width;
    }

    /// <summary>Gets its width in columns.</summary>
    public float Width { get; }

    /// <summary>Draws it.</summary>
    /// <param name="canvas">Receives the ink.</param>
    /// <param name="ink">Colour and blur.</param>
    /// <param name="left">The column where it begins.</param>
    /// <param name="top">The row of the top of the font's highest symbol.</param>
    public void Draw(SKCanvas canvas, SKPaint ink, float left, float top) => canvas.DrawShapedText(shaper, text, left, top + ascent, font, ink);

    public void Dispose()
    {
        shaper.Dispose();
        font.Dispose();
    }
}
