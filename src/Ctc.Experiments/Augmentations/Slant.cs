using System.ComponentModel.DataAnnotations;

namespace Ctc.Experiments.Augmentations;

/// <summary>The options of <c>slant</c>.</summary>
public sealed record SlantOptions
{
    /// <summary>Gets the largest slant: frames by which a row is moved against the next one.</summary>
    /// <value>The tangent of the angle, 0 to 10; the default is 0.2, about 11 degrees.</value>
    [Range(0.0, 10.0)]
    public Schedule Amount { get; init; } = 0.2;
}

/// <summary>Slants a line image to either side about its middle row. The number of frames stays.</summary>
[Part("slant", typeof(SlantOptions), Summary = "For line images: slants the writing to the left or to the right.")]
internal sealed class Slant(SlantOptions options) : IAugmentation
{
    /// <inheritdoc/>
    public Features Augment(Features features, SplitMix64 random, Progress progress)
    {
        double slant = random.Within(options.Amount.At(progress)), middle = Warp.Middle(features).Row;
        return Warp.Sample(features, features.Frames, (t, row) => (t + (slant * (row - middle)), row));
    }
}
