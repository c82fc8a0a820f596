using System.ComponentModel.DataAnnotations;
using Ctc;

namespace MyNamespace;

/// <summary>Options of <c>my-part</c>.</summary>
public sealed record MyPartOptions
{
    /// <summary>Gets the chance of each frame to be overwritten with 0.</summary>
    /// <value>0 to 0.5; the default is 0.05. 0 changes nothing.</value>
    [Range(0.0, 0.5)]
    public Schedule Chance { get; init; } = 0.05;
}

/// <summary>Overwrites single frames of training utterances.</summary>
[Part("my-part", typeof(MyPartOptions), Summary = "Overwrites single frames of training utterances with 0, at random.")]
internal sealed class MyPart(MyPartOptions options) : IAugmentation
{
    public Features Augment(Features features, SplitMix64 random, Progress progress)
    {
        double chance = options.Chance.At(progress);
        float[] values = [.. features.Values]; // the argument stays as it is
        for (int t = 0; t < features.Frames; t++)
        {
            if (random.Unit() < chance) values.AsSpan(t * features.Size, features.Size).Clear();
        }

        return new Features(values, features.Frames, features.Size);
    }
}
