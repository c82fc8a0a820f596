using ScottPlot;
using SkiaSharp;

namespace Ctc.Experiments.Fonts;

/// <summary>DejaVu Sans, embedded in the assembly, for pictures on machines without fonts.</summary>
public static class EmbeddedFont
{
    /// <summary>Its name among the fonts of a plot.</summary>
    public const string Name = "DejaVu Sans";

    private static readonly Lazy<SKTypeface> Loaded = new(Load);
    private static readonly Lazy<bool> Registered = new(Register);

    /// <summary>Gets the font. It lives as long as the program.</summary>
    public static SKTypeface Typeface => Loaded.Value;

    /// <summary>Makes the font known to plots, once.</summary>
    public static void MakeKnown() => _ = Registered.Value;

    private static SKTypeface Load()
    {
        using Stream font = typeof(EmbeddedFont).Assembly.GetManifestResourceStream("DejaVuSans.ttf")!;
        return SKTypeface.FromStream(font);
    }

    private static bool Register()
    {
        ScottPlot.Fonts.FontResolvers.Insert(0, new Resolver());
        return true;
    }

    internal sealed class Resolver : IFontResolver
    {
        public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) => fontName == Name ? Load() : null;

        public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing width) => fontName == Name ? Load() : null;
    }
}
