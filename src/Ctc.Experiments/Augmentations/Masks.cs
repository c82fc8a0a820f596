using System.ComponentModel.DataAnnotations;

namespace Ctc.Experiments.Augmentations;

/// <summary>The options of <c>masks</c>.</summary>
public sealed record MasksOptions
{
    /// <summary>Gets the number of masks over time.</summary>
    /// <value>0 or more; the default is 2.</value>
    [Range(0, 1000)]
    public int Times { get; init; } = 2;

    /// <summary>Gets the most frames that a mask over time covers. Its width is drawn from 0 to this number.</summary>
    /// <value>0 or more; the default is 4.</value>
    [Range(0, 100_000)]
    public int Frames { get; init; } = 4;

    /// <summary>Gets the largest share of an utterance's frames that one mask over time covers.</summary>
    /// <value>0 to 1; the default is 0.2.</value>
    [Range(0.0, 1.0)]
    public double Share { get; init; } = 0.2;

    /// <summary>Gets the number of masks over features.</summary>
    /// <value>0 or more; the default is 1.</value>
    [Range(0, 1000)]
    public int Bands { get; init; } = 1;

    /// <summary>Gets the most features that a mask over features covers. Its width is drawn from 0 to this number.</summary>
    /// <value>0 or more; the default is 2.</value>
    [Range(0, 100_000)]
    public int Features { get; init; } = 2;

    /// <summary>Gets the number under a mask.</summary>
    /// <value>Any finite number; the default is 0: paper, or the mean of normalised features.</value>
    [Range(-1e9, 1e9)]
    public double Fill { get; init; }
}

/// <summary>SpecAugment without time warping: blocks of frames and blocks of features are overwritten.</summary>
[Part("masks", typeof(MasksOptions),
    Summary = "Overwrites blocks of frames and blocks of features with a constant.",
    Paper = "Park et al., SpecAugment: a Simple Data Augmentation Method for Automatic Speech Recognition, Interspeech 2019, arXiv 1904.08779")]
internal sealed class Masks(MasksOptions options) : IAugmentation
{
    /// <inheritdoc/>
    public Features Augment(Features features, SplitMix64 random, Progress progress)
    {
        float[] values = [.. features.Values];
        int size = features.Size, widest = Math.Min(options.Frames, (int)(options.Share * features.Frames));
        for (int mask = 0; mask < options.Times; mask++)
        {
            (int start, int width) = Draw(random, widest, features.Frames);
            values.AsSpan(start * size, width * size).Fill((float)options.Fill);
        }

        for (int mask = 0; mask < options.Bands; mask++)
        {
            (int start, int width) = Draw(random, Math.Min(options.Features, size), size);
            for (int t = 0; t < features.Frames; t++) values.AsSpan((t * size) + start, width).Fill((float)options.Fill);
        }

        return new Features(values, features.Frames, size);
    }

    private static (int Start, int Width) Draw(SplitMix64 random, int widest, int length)
    {
        int width = random.Between(0, widest);
        return (random.Between(0, length - width), width);
    }
}
