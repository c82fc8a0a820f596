using System.ComponentModel.DataAnnotations;

namespace Ctc.Experiments.Augmentations;

/// <summary>The options of <c>shift</c>.</summary>
public sealed record ShiftOptions
{
    /// <summary>Gets the most rows by which a line moves up or down.</summary>
    /// <value>In pixels, fractions allowed, 0 or more; the default is 1.</value>
    [Range(0.0, 10_000.0)]
    public Schedule Rows { get; init; } = 1;

    /// <summary>Gets the most frames by which a line moves along its direction. What leaves the image is lost.</summary>
    /// <value>In pixels, fractions allowed, 0 or more; the default is 0.</value>
    [Range(0.0, 10_000.0)]
    public Schedule Frames { get; init; } = 0;
}

/// <summary>Moves a line image.</summary>
[Part("shift", typeof(ShiftOptions), Summary = "For line images: moves the line up or down, and along its direction.")]
internal sealed class Shift(ShiftOptions options) : IAugmentation
{
    /// <inheritdoc/>
    public Features Augment(Features features, SplitMix64 random, Progress progress)
    {
        double down = random.Within(options.Rows.At(progress)), along = random.Within(options.Frames.At(progress));
        return Warp.Sample(features, features.Frames, (t, row) => (t - along, row - down));
    }
}
