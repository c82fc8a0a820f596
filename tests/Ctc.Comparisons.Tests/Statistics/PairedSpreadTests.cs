using Ctc.Comparisons.Statistics;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace Ctc.Comparisons.Tests.Statistics;

public class PairedSpreadTests
{
    // The same statistic from the ratio F of the variances and the correlation r of the pairs: (F − 1) √(n − 2) / (2 √(F (1 − r²))).
    [Test]
    public void The_test_is_that_of_the_ratio_of_the_variances()
    {
        (double Variant, double Baseline)[] pairs = [(1, 2.1), (4, 2.5), (2.5, 2), (7, 3), (3, 2.4), (0.5, 1.8)];
        double[] variant = [.. pairs.Select(pair => pair.Variant)], baseline = [.. pairs.Select(pair => pair.Baseline)];
        double f = variant.Variance() / baseline.Variance(), r = Correlation.Pearson(variant, baseline);
        double t = (f - 1) * Math.Sqrt(pairs.Length - 2) / (2 * Math.Sqrt(f * (1 - (r * r))));

        PairedSpread spread = PairedSpread.FromPairs(pairs);
        Assert.That(spread.P, Is.EqualTo(2 * StudentT.CDF(0, 1, pairs.Length - 2, -Math.Abs(t))).Within(1e-12));
        Assert.That((spread.Variant, spread.Baseline), Is.EqualTo((variant.StandardDeviation(), baseline.StandardDeviation())));
        Assert.That(PairedSpread.FromPairs([.. pairs.Select(pair => (pair.Baseline, pair.Variant))]).P, Is.EqualTo(spread.P!.Value).Within(1e-12));
    }

    [Test]
    public void Values_that_are_all_the_same_and_two_pairs_have_no_test()
    {
        Assert.That(PairedSpread.FromPairs((1, 2), (3, 2), (2, 2)).P, Is.Null);
        Assert.That(PairedSpread.FromPairs((1, 2), (3, 3)).P, Is.Null);
        Assert.That(PairedSpread.FromPairs((1, 2), (2, 3), (4, 5)).P, Is.EqualTo(1), "the same spread around another mean");
    }

    [Test]
    public void Equal_spreads_are_told_apart_as_often_as_the_level_says_and_unequal_ones_more_often()
    {
        Assert.That(Shown(1), Is.InRange(0.04, 0.06));
        Assert.That(Shown(5), Is.GreaterThan(0.7));

        static double Shown(double deviation)
        {
            const int repetitions = 4000;
            return Enumerable.Range(0, repetitions).Count(repetition =>
            {
                SplitMix64 chance = SplitMix64.At(19, repetition);
                return PairedSpread.FromPairs([.. Enumerable.Range(0, 6).Select(_ =>
                {
                    double seed = chance.Gaussian();
                    return (deviation * ((0.6 * seed) + (0.8 * chance.Gaussian())), seed);
                })]).P < 0.05;
            }) / (double)repetitions;
        }
    }
}
