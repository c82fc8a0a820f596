using SkiaSharp;

namespace Ctc.Experiments.Fonts;

/// <summary>
/// The font of a text in a picture: the embedded one, or an installed one for letters that it lacks, such as Chinese ones.
/// </summary>
internal static class TextFont
{
    private static readonly Lazy<IReadOnlyList<FontFace>> Installed = new(() => InstalledFonts.In(InstalledFonts.Folders));

    /// <summary>The font for a text. If no font has all letters, the missing ones are boxes.</summary>
    public static SKTypeface For(string text) => EmbeddedFont.Typeface.ContainsGlyphs(text)
        ? EmbeddedFont.Typeface
        : Installed.Value.FirstOrDefault(face => face.Typeface.ContainsGlyphs(text))?.Typeface ?? EmbeddedFont.Typeface;
}
