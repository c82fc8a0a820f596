using SkiaSharp;

namespace Ctc.Experiments.Fonts;

/// <summary>A font and its file.</summary>
/// <param name="File">Its file; null for the embedded one.</param>
/// <param name="Typeface">The font itself, which lives as long as the program.</param>
internal sealed record FontFace(string? File, SKTypeface Typeface)
{
    private const int Regular = (int)SKFontStyleWeight.Normal;

    /// <summary>Gets the name of its family, such as DejaVu Sans.</summary>
    public string Family => Typeface.FamilyName;

    /// <summary>Gets the distance from an upright, regular face, for sorting.</summary>
    public (bool Slanted, int Weight, int Width) Oddness =>
        (Typeface.IsItalic, Math.Abs(Typeface.FontWeight - Regular), Math.Abs(Typeface.FontWidth - (int)SKFontStyleWidth.Normal));

    /// <summary>All faces of a file: one, several for a collection, none if it is no font.</summary>
    public static IEnumerable<FontFace> In(string file)
    {
        for (int i = 0; SKTypeface.FromFile(file, i) is { } typeface; i++) yield return new FontFace(file, typeface);
    }

    /// <summary>The symbols for which it has no image.</summary>
    public IEnumerable<string> Lacking(IEnumerable<string> symbols) => symbols.Where(symbol => !Typeface.ContainsGlyphs(symbol));
}
