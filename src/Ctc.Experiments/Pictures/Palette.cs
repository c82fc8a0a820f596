using SkiaSharp;

namespace Ctc.Experiments.Pictures;

/// <summary>Colours that are distinguishable with any kind of colour vision.</summary>
/// <remarks>Source: Okabe and Ito, "Color universal design", 2008. The ramps run through their colours and only ever darken.</remarks>
public static class Palette
{
    /// <summary>Text.</summary>
    public static readonly SKColor Ink = new(0x22, 0x22, 0x22);

    /// <summary>Text beside the text, and axes.</summary>
    public static readonly SKColor Quiet = new(0x70, 0x70, 0x70);

    /// <summary>Lines that guide the eye, and blanks.</summary>
    public static readonly SKColor Faint = new(0xE2, 0xE2, 0xE2);

    /// <summary>Errors.</summary>
    public static readonly SKColor Wrong = new(0xD5, 0x5E, 0x00);

    /// <summary>From 0 to 1, white to dark blue.</summary>
    internal static readonly SKColor[] Blues = [SKColors.White, new(0x56, 0xB4, 0xE9), new(0x00, 0x72, 0xB2), new(0x00, 0x45, 0x6E)];

    /// <summary>From 0 to 1, white to brown.</summary>
    internal static readonly SKColor[] Oranges = [SKColors.White, new(0xE6, 0x9F, 0x00), new(0xD5, 0x5E, 0x00), new(0x8A, 0x36, 0x00)];

    /// <summary>From 0 to 1, white to grey, for blanks.</summary>
    internal static readonly SKColor[] BlankGreys = [SKColors.White, new(0x9C, 0x9C, 0x9C)];

    /// <summary>From paper to ink.</summary>
    internal static readonly SKColor[] Greys = [SKColors.White, SKColors.Black];

    private static readonly SKColor[] Cycle =
    [
        new(0x00, 0x72, 0xB2), new(0xE6, 0x9F, 0x00), new(0x00, 0x9E, 0x73), new(0xD5, 0x5E, 0x00), new(0x56, 0xB4, 0xE9), new(0xCC, 0x79, 0xA7),
    ];

    /// <summary>Gets the number of different hues.</summary>
    public static int Hues => Cycle.Length;

    /// <summary>The colour of the u-th token of a target: never that of its neighbours.</summary>
    /// <param name="u">Its position, from 0.</param>
    /// <returns>One of the hues.</returns>
    public static SKColor Hue(int u) => Cycle[u % Hues];

    /// <summary>The colour of text on a background.</summary>
    /// <param name="colour">The background.</param>
    /// <returns>Black or white, the one with more contrast.</returns>
    internal static SKColor TextOn(SKColor colour) =>
        0.299 * colour.Red + 0.587 * colour.Green + 0.114 * colour.Blue > 140 ? SKColors.Black : SKColors.White;

    /// <summary>The colour of a value on a ramp.</summary>
    /// <param name="ramp">Two or more colours, from 0 to 1.</param>
    /// <param name="value">A value, clamped to 0 to 1; NaN counts as 0.</param>
    /// <returns>The interpolated colour.</returns>
    internal static SKColor At(SKColor[] ramp, double value)
    {
        double place = (double.IsNaN(value) ? 0 : Math.Clamp(value, 0, 1)) * (ramp.Length - 1);
        int below = Math.Min((int)place, ramp.Length - 2);
        double share = place - below;
        byte Between(byte from, byte to) => (byte)Math.Round(from + share * (to - from));
        SKColor a = ramp[below], b = ramp[below + 1];
        return new SKColor(Between(a.Red, b.Red), Between(a.Green, b.Green), Between(a.Blue, b.Blue));
    }
}
