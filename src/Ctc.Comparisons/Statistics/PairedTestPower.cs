using MathNet.Numerics;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.Integration;

namespace Ctc.Comparisons.Statistics;

/// <summary>What the paired t-test over seeds can show: its power.</summary>
/// <remarks>
/// If the differences are normal with a mean of δ standard deviations, the statistic of n pairs is noncentral t with n − 1 degrees of freedom and
/// noncentrality δ√n: T = (Z + δ√n) / √(W / (n − 1)) with Z standard normal and W chi-squared, so that its distribution is an integral over W.
/// Source: Cohen, "Statistical power analysis for the behavioral sciences", second edition, 1988, chapter 2.
/// </remarks>
public static class PairedTestPower
{
    /// <summary>The power at which a difference counts as one that the test can show: the usual 80 %.</summary>
    public const double Wanted = 0.8;

    private const int MostPairs = 100_000;
    private const double Reach = 9; // from the mean of √W, whose standard deviation is at most 1
    private const double Precision = 1e-8;

    /// <summary>Computes the probability that the two-sided test shows a difference.</summary>
    /// <param name="pairs">n, at least 2.</param>
    /// <param name="effect">δ, the true mean of the differences in standard deviations of theirs.</param>
    /// <param name="level">The p-value below which a difference counts as shown.</param>
    /// <returns>From the level, for δ = 0, to 1.</returns>
    public static double Compute(int pairs, double effect, double level)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pairs, 2);
        double freedom = pairs - 1, shift = Math.Abs(effect) * Math.Sqrt(pairs), least = FindLeast(freedom, level);
        double logFactor = ((1 - (freedom / 2)) * Constants.Ln2) - SpecialFunctions.GammaLn(freedom / 2);

        // Over u = √W, whose density is that of the chi distribution.
        double Rejected(double u) =>
            Math.Exp(logFactor + ((freedom - 1) * Math.Log(u)) - (u * u / 2))
            * (Normal.CDF(0, 1, shift - (least * u / Math.Sqrt(freedom))) + Normal.CDF(0, 1, -shift - (least * u / Math.Sqrt(freedom))));
        double centre = Math.Sqrt(freedom);
        return Math.Min(1, GaussKronrodRule.Integrate(Rejected, Math.Max(0, centre - Reach), centre + Reach, out _, out _, Precision));
    }

    /// <summary>Finds the smallest effect that the test shows in 80 % of all sweeps.</summary>
    /// <inheritdoc cref="Compute"/>
    /// <returns>δ, in standard deviations of the differences.</returns>
    public static double FindSmallestEffect(int pairs, double level)
    {
        double low = 0, high = 1;
        while (Compute(pairs, high, level) < Wanted) (low, high) = (high, 2 * high);
        for (int step = 0; step < 30; step++)
        {
            double middle = (low + high) / 2;
            (low, high) = Compute(pairs, middle, level) < Wanted ? (middle, high) : (low, middle);
        }

        return high;
    }

    /// <summary>Finds the fewest pairs with which the test shows an effect in 80 % of all sweeps.</summary>
    /// <inheritdoc cref="Compute"/>
    /// <returns>n; null if it is more than 100,000.</returns>
    public static int? FindPairs(double effect, double level)
    {
        if (Compute(MostPairs, effect, level) < Wanted) return null;
        (int low, int high) = (1, 2);
        while (Compute(high, effect, level) < Wanted) (low, high) = (high, 2 * high);
        while (high - low > 1)
        {
            int middle = low + ((high - low) / 2);
            (low, high) = Compute(middle, effect, level) < Wanted ? (middle, high) : (low, middle);
        }

        return high;
    }

    // The absolute value of the statistic from which on p is below a level. With one degree of freedom it may be in the thousands.
    private static double FindLeast(double freedom, double level)
    {
        (double low, double high) = (0, 1);
        while (2 * StudentT.CDF(0, 1, freedom, -high) > level) (low, high) = (high, 2 * high);
        for (int step = 0; step < 50; step++)
        {
            double middle = (low + high) / 2;
            (low, high) = 2 * StudentT.CDF(0, 1, freedom, -middle) > level ? (middle, high) : (low, middle);
        }

        return high;
    }
}
