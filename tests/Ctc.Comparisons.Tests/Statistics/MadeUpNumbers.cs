
namespace Ctc.Comparisons.Tests.Statistics;

/// <summary>Random numbers of known distributions, the same in every run of the tests.</summary>
internal static class MadeUpNumbers
{
    /// <summary>A normal number of mean 0 and variance 1, by Box and Muller.</summary>
    public static double Gaussian(this SplitMix64 chance) =>
        Math.Sqrt(-2 * Math.Log(1 - chance.Unit())) * Math.Cos(2 * Math.PI * chance.Unit());
}
