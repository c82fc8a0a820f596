using System.ComponentModel.DataAnnotations;

namespace Ctc.Experiments.Augmentations;

/// <summary>The options of <c>scale</c>.</summary>
public sealed record ScaleOptions
{
    /// <summary>Gets how far the factor of the length is from 1 at most.</summary>
    /// <value>0 to 0.9; the default is 0.1.</value>
    [Range(0.0, 0.9)]
    public Schedule Frames { get; init; } = 0.1;

    /// <summary>Gets how far the factor of the height of the writing is from 1 at most. The rows of the image stay.</summary>
    /// <value>0 to 0.9; the default is 0.1.</value>
    [Range(0.0, 0.9)]
    public Schedule Rows { get; init; } = 0.1;
}

/// <summary>Stretches or compresses a line image. Its length changes, so both views of an utterance have one scale.</summary>
[Part("scale", typeof(ScaleOptions), Summary = "For line images: stretches or compresses the writing, along the line and across it.")]
internal sealed class Scale(ScaleOptions options) : IAugmentation
{
    /// <inheritdoc/>
    public bool PerView => false;

    /// <inheritdoc/>
    public Features Augment(Features features, SplitMix64 random, Progress progress)
    {
        double along = 1 + random.Within(options.Frames.At(progress)), across = 1 + random.Within(options.Rows.At(progress));
        if (features.Frames == 0) return features;
        int frames = Math.Max(1, (int)Math.Round(features.Frames * along));
        double middle = Warp.Middle(features).Row, columns = (double)features.Frames / frames;

        // The centre of a new pixel is at the same share of the length as that of the old one.
        return Warp.Sample(features, frames, (t, row) => (((t + 0.5) * columns) - 0.5, middle + ((row - middle) / across)));
    }
}
