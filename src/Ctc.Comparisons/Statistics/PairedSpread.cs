using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace Ctc.Comparisons.Statistics;

/// <summary>The spread of a variant and of its baseline over runs with the same seeds.</summary>
/// <param name="Variant">The standard deviation of the variant, with n − 1 in the denominator.</param>
/// <param name="Baseline">The standard deviation of the baseline.</param>
/// <param name="P">
/// The two-sided p-value of the test of Pitman and Morgan; null for fewer than three pairs, and if the values of one side are all the same.
/// </param>
/// <remarks>
/// Equal variances of pairs mean that sums and differences are not correlated. The statistic is t = r √((n − 2) / (1 − r²)) with their correlation r
/// and n − 2 degrees of freedom; the values are assumed to be normal. Sources: Pitman, "A note on normal correlation", and Morgan, "A test for the
/// significance of the difference between the two variances in a sample from a normal bivariate population", both Biometrika 31, 1939.
/// </remarks>
public sealed record PairedSpread(double Variant, double Baseline, double? P)
{
    private const int FewestPairs = 3;

    /// <summary>Takes the values of pairs.</summary>
    /// <param name="pairs">Finite numbers, at least one pair.</param>
    public static PairedSpread FromPairs(params (double Variant, double Baseline)[] pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        SampleMean variant = SampleMean.FromValues([.. pairs.Select(pair => pair.Variant)]);
        SampleMean baseline = SampleMean.FromValues([.. pairs.Select(pair => pair.Baseline)]);
        bool isTested = pairs.Length >= FewestPairs && variant.Deviation > 0 && baseline.Deviation > 0;
        return new PairedSpread(variant.Deviation, baseline.Deviation, isTested ? Test(pairs) : null);
    }

    private static double Test((double Variant, double Baseline)[] pairs)
    {
        double[] differences = [.. pairs.Select(pair => pair.Variant - pair.Baseline)];
        double[] sums = [.. pairs.Select(pair => pair.Variant + pair.Baseline)];
        double r = Correlation.Pearson(differences, sums);
        if (!double.IsFinite(r)) return 1; // the same difference in all pairs
        double left = Math.Max(0, 1 - (r * r));
        return left == 0 ? 0 : 2 * StudentT.CDF(0, 1, pairs.Length - 2, -Math.Abs(r) * Math.Sqrt((pairs.Length - 2) / left));
    }
}
