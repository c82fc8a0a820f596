using Ctc.Experiments.Fonts;
using SkiaSharp;

namespace Ctc.Experiments.Data.TypesetLines;

/// <summary>A font and the height of its print: fonts differ in the space that they leave above and below their letters.</summary>
internal sealed class PrintFont
{
    private const int LargeSize = 1024;

    /// <param name="face">The font.</param>
    /// <param name="symbols">All symbols that are printed.</param>
    public PrintFont(FontFace face, IEnumerable<string> symbols)
    {
        (Family, Typeface) = (face.Family, face.Typeface);
        using SKFont font = At(LargeSize);
        foreach (string symbol in symbols)
        {
            font.MeasureText(symbol, out SKRect ink);
            Top = Math.Max(Top, -ink.Top / LargeSize);
            Bottom = Math.Max(Bottom, ink.Bottom / LargeSize);
        }
    }

    /// <summary>Gets the name of its family.</summary>
    public string Family { get; }

    /// <summary>Gets the font itself.</summary>
    public SKTypeface Typeface { get; }

    /// <summary>Gets how far ink is above the base line, as a share of the size of the font.</summary>
    public float Top { get; }

    /// <summary>Gets how far ink is below the base line.</summary>
    public float Bottom { get; }

    /// <summary>The font at a size, without the hints that it has for small ones.</summary>
    public SKFont At(float size) => new(Typeface, size) { Hinting = SKFontHinting.None, Subpixel = true, LinearMetrics = true };
}
