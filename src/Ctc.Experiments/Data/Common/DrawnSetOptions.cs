using System.ComponentModel.DataAnnotations;

namespace Ctc.Experiments.Data.Common;

/// <summary>The number of drawn lines, and how a scanner sees them.</summary>
public abstract record DrawnSetOptions
{
    /// <summary>Gets the number of training lines.</summary>
    /// <value>1 or more; the default is 1500.</value>
    [Range(1, 1_000_000)]
    public int TrainLines { get; init; } = 1500;

    /// <summary>Gets the number of dev lines, by which the best epoch is chosen.</summary>
    /// <value>1 or more; the default is 200.</value>
    [Range(1, 1_000_000)]
    public int DevLines { get; init; } = 200;

    /// <summary>Gets the number of test lines.</summary>
    /// <value>1 or more; the default is 400.</value>
    [Range(1, 1_000_000)]
    public int TestLines { get; init; } = 400;

    /// <summary>Gets the darkness of the ink of the palest line; the others are distributed evenly between it and the darkest, 1.</summary>
    /// <value>0.1 to 1; the default is 0.7. At 1 all lines are equally dark.</value>
    [Range(0.1, 1.0)]
    public double MinInk { get; init; } = 0.7;

    /// <summary>Gets the standard deviation of the grey noise on every pixel.</summary>
    /// <value>Grey runs from 0, paper, to 1, ink; the default is 0.07. At 0 there is no noise.</value>
    [Range(0.0, 1.0)]
    public double Noise { get; init; } = 0.07;

    /// <summary>Gets the seed of all random choices.</summary>
    /// <value>The default is 0.</value>
    public int Seed { get; init; }

    /// <summary>The greys that a scanner reports, in steps of 1/255 so that an image file holds them exactly.</summary>
    /// <param name="features">Ink from 0, paper, to 1; replaced.</param>
    /// <param name="random">Used only for this line.</param>
    internal void Scan(Span<float> features, SplitMix64 random)
    {
        double darkest = MinInk + (1 - MinInk) * random.Unit();
        foreach (ref float feature in features)
        {
            double grey = darkest * feature + Noise * random.Normal();
            feature = (float)Math.Round(255 * Math.Clamp(grey, 0, 1)) / 255f;
        }
    }
}
