using System.ComponentModel.DataAnnotations;

namespace Ctc.Experiments.Augmentations;

/// <summary>The options of <c>noise</c>.</summary>
public sealed record NoiseOptions
{
    /// <summary>Gets the standard deviation of the noise.</summary>
    /// <value>In the unit of the features, 0 or more; the default is 0.05. 0 changes nothing.</value>
    [Range(0.0, 1e6)]
    public Schedule Deviation { get; init; } = 0.05;
}

/// <summary>Adds an independent random number to each feature.</summary>
[Part("noise", typeof(NoiseOptions),
    Summary = "Adds nearly normal noise to every feature.",
    Formula = "x' = x + deviation · n, n of mean 0 and variance 1")]
internal sealed class Noise(NoiseOptions options) : IAugmentation
{
    /// <inheritdoc/>
    public Features Augment(Features features, SplitMix64 random, Progress progress)
    {
        double deviation = options.Deviation.At(progress);
        if (deviation == 0) return features;
        return new Features([.. features.Values.Select(value => (float)(value + (deviation * random.Normal())))], features.Frames, features.Size);
    }
}
