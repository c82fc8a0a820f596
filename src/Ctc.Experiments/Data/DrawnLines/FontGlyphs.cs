using Ctc.Experiments.Data.Common;
using Ctc.Experiments.Fonts;
using SkiaSharp;

namespace Ctc.Experiments.Data.DrawnLines;

/// <summary>Draws the symbols of a font as images of ink.</summary>
/// <remarks>
/// Outlines are taken at a large size and filled at the given one, without the hints that a font gives for small sizes: the same font and the same
/// version of Skia give the same images.
/// </remarks>
internal static class FontGlyphs
{
    private const int LargeSize = 1024;

    /// <summary>Draws each symbol once.</summary>
    /// <param name="face">Has all the symbols.</param>
    /// <param name="symbols">Their tokens are their places, from 1.</param>
    /// <param name="size">The rows from the top of the highest symbol to the bottom of the lowest: the height of every image.</param>
    /// <returns>An image for each symbol, cut to the columns with ink; symbols keep their heights relative to each other.</returns>
    /// <exception cref="InvalidDataException">The font draws nothing for a symbol.</exception>
    public static IReadOnlyList<Glyph> Draw(FontFace face, IReadOnlyList<string> symbols, int size)
    {
        using var font = new SKFont(face.Typeface, LargeSize) { Hinting = SKFontHinting.None };
        SKPath[] outlines = [.. symbols.Select(symbol => Outline(font, symbol))];
        try
        {
            float top = outlines.Min(outline => outline.TightBounds.Top), bottom = outlines.Max(outline => outline.TightBounds.Bottom);
            return [.. outlines.Select((outline, i) => Fill(outline, token: i + 1, top, scale: size / (bottom - top), size))];
        }
        finally
        {
            foreach (SKPath outline in outlines) outline.Dispose();
        }
    }

    private static SKPath Outline(SKFont font, string symbol)
    {
        SKPath? outline = font.GetGlyphPath(font.GetGlyph(char.ConvertToUtf32(symbol, 0)));
        if (outline is { TightBounds: { Width: > 0, Height: > 0 } }) return outline;

        outline?.Dispose();
        throw new InvalidDataException(
            $"The font {font.Typeface.FamilyName} draws nothing for U+{char.ConvertToUtf32(symbol, 0):X4}; expected symbols that leave ink.");
    }

    private static Glyph Fill(SKPath outline, long token, float top, float scale, int size)
    {
        SKRect bounds = outline.TightBounds;
        using var bitmap = new SKBitmap((int)Math.Ceiling(bounds.Width * scale), size, SKColorType.Gray8, SKAlphaType.Opaque);
        using (var canvas = new SKCanvas(bitmap))
        using (var ink = new SKPaint { Color = SKColors.White, IsAntialias = true })
        {
            canvas.Clear(SKColors.Black);
            canvas.Scale(scale);
            canvas.Translate(-bounds.Left, -top);
            canvas.DrawPath(outline, ink);
        }

        float[] columns = new float[bitmap.Width * size];
        ReadOnlySpan<byte> pixels = bitmap.GetPixelSpan();
        for (int i = 0; i < columns.Length; i++) columns[i] = pixels[i % size * bitmap.RowBytes + i / size] / 255f;
        return Glyph.Cut(token, size, columns);
    }
}
