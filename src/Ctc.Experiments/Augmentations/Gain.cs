using System.ComponentModel.DataAnnotations;

namespace Ctc.Experiments.Augmentations;

/// <summary>The options of <c>gain</c>.</summary>
public sealed record GainOptions
{
    /// <summary>Gets how far the factor is from 1 at most: it is drawn from 1 − this to 1 + this.</summary>
    /// <value>0 to 1; the default is 0.2.</value>
    [Range(0.0, 1.0)]
    public Schedule Factor { get; init; } = 0.2;

    /// <summary>Gets how far the summand is from 0 at most: for logarithmic features, where a gain is a sum.</summary>
    /// <value>In the unit of the features, 0 or more; the default is 0.</value>
    [Range(0.0, 1e6)]
    public Schedule Offset { get; init; } = 0;
}

/// <summary>Makes a whole utterance louder or softer, darker or lighter.</summary>
[Part("gain", typeof(GainOptions),
    Summary = "Multiplies all features of an utterance by one random factor, and adds one random number to them.",
    Formula = "x' = a x + b, a uniform in 1 ± factor, b uniform in ± offset")]
internal sealed class Gain(GainOptions options) : IAugmentation
{
    /// <inheritdoc/>
    public Features Augment(Features features, SplitMix64 random, Progress progress)
    {
        double a = 1 + random.Within(options.Factor.At(progress)), b = random.Within(options.Offset.At(progress));
        return new Features([.. features.Values.Select(value => (float)((a * value) + b))], features.Frames, features.Size);
    }
}
