namespace Ctc.Experiments.Augmentations;

/// <summary>Random numbers that several augmentations draw.</summary>
internal static class Draws
{
    /// <summary>Draws a number from −limit to limit, uniformly.</summary>
    public static double Within(this SplitMix64 random, double limit) => ((2 * random.Unit()) - 1) * limit;
}
