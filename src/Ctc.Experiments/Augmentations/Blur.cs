using System.ComponentModel.DataAnnotations;

namespace Ctc.Experiments.Augmentations;

/// <summary>The options of <c>blur</c>.</summary>
public sealed record BlurOptions
{
    /// <summary>Gets the largest standard deviation of the blur; an utterance's is drawn from 0 to it.</summary>
    /// <value>In pixels, 0 to 20; the default is 0.7.</value>
    [Range(0.0, 20.0)]
    public Schedule Deviation { get; init; } = 0.7;
}

/// <summary>Blurs a line image by passes of a kernel of three pixels, whose variances add up.</summary>
[Part("blur", typeof(BlurOptions), Summary = "For line images: blurs the writing.")]
internal sealed class Blur(BlurOptions options) : IAugmentation
{
    private const double LargestVariance = 0.5; // of one pass: the kernel 1/4, 1/2, 1/4

    /// <inheritdoc/>
    public Features Augment(Features features, SplitMix64 random, Progress progress)
    {
        double deviation = options.Deviation.At(progress) * random.Unit(), variance = deviation * deviation;
        int passes = (int)Math.Ceiling(variance / LargestVariance);
        double side = passes == 0 ? 0 : variance / passes / 2;
        for (int pass = 0; pass < passes; pass++)
        {
            features = Pass(features, side, across: 1, down: 0);
            features = Pass(features, side, across: 0, down: 1);
        }

        return features;
    }

    private static Features Pass(Features image, double side, int across, int down)
    {
        float[] values = new float[image.Values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            (int t, int row) = Math.DivRem(i, image.Size);
            double beside = image[t - across, row - down] + image[t + across, row + down];
            values[i] = (float)((side * beside) + ((1 - (2 * side)) * image.Values[i]));
        }

        return new Features(values, image.Frames, image.Size);
    }
}
