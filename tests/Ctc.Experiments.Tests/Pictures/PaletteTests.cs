using Ctc.Experiments.Pictures;
using SkiaSharp;

namespace Ctc.Experiments.Tests.Pictures;

public class PaletteTests
{
    private static readonly SKColor[][] Ramps = [Palette.Blues, Palette.Oranges, Palette.BlankGreys, Palette.Greys];

    [Test]
    public void Ramps_only_ever_darken([ValueSource(nameof(Ramps))] SKColor[] ramp)
    {
        double[] luminances = [.. Enumerable.Range(0, 101).Select(i => Luminance(Palette.At(ramp, i / 100.0)))];
        Assert.That(luminances, Is.Ordered.Descending);
    }

    [Test]
    public void Values_outside_0_to_1_take_the_ends_and_no_number_is_0()
    {
        Assert.That(Palette.At(Palette.Blues, -3), Is.EqualTo(Palette.Blues[0]));
        Assert.That(Palette.At(Palette.Blues, 2), Is.EqualTo(Palette.Blues[^1]));
        Assert.That(Palette.At(Palette.Blues, double.NaN), Is.EqualTo(Palette.Blues[0]));
    }

    [Test]
    public void Neighbours_never_share_a_colour() =>
        Assert.That(Enumerable.Range(0, 30).All(u => Palette.Hue(u) != Palette.Hue(u + 1)), Is.True);

    private static double Luminance(SKColor colour) => 0.2126 * colour.Red + 0.7152 * colour.Green + 0.0722 * colour.Blue;
}
