using SkiaSharp;

namespace Ctc.Experiments.Fonts;

/// <summary>
/// The font of a text in a picture: the one that the program carries, or an installed one for the letters that it lacks, as Chinese ones.
/// </summary>
internal static class TextFont
{
    private static readonly Lazy<IReadOnlyList<FontFace>> Installed = new(() => InstalledFonts.In(InstalledFonts.Folders));

    /// <summary>The font for a text. Where no font has all of it, what is missing shows as boxes.</summary>
    public static SKTypeface For(string text) => EmbeddedFont.Typeface.ContainsGlyphs(text)
        ? EmbeddedFont.Typeface
        : Installed.Value.FirstOrDefault(face => face.Typeface.ContainsGlyphs(text))?.Typeface ?? EmbeddedFont.Typeface;
}
