using Ctc.Comparisons.Statistics;

namespace Ctc.Comparisons.Tests.Statistics;

public class PairedTestPowerTests
{
    private const double Level = 0.05;

    // As R's power.t.test(delta = ..., power = 0.8, type = "paired"), rounded up.
    [TestCase(0.2, 199)]
    [TestCase(0.5, 34)]
    [TestCase(0.8, 15)]
    [TestCase(1.0, 10)]
    public void The_number_of_pairs_is_that_of_published_tables(double effect, int pairs) =>
        Assert.That(PairedTestPower.FindPairs(effect, Level), Is.EqualTo(pairs));

    [TestCase(2, 0.05)]
    [TestCase(5, 0.05)]
    [TestCase(5, 0.0005)]
    [TestCase(200, 0.01)]
    public void Without_a_difference_the_power_is_the_level(int pairs, double level) =>
        Assert.That(PairedTestPower.Compute(pairs, 0, level), Is.EqualTo(level).Within(1e-7));

    [TestCase(2, 0.0005)]
    [TestCase(3, 0.05)]
    [TestCase(10, 0.01)]
    public void The_smallest_effect_has_the_power_that_is_wanted(int pairs, double level)
    {
        double smallest = PairedTestPower.FindSmallestEffect(pairs, level);
        Assert.That(PairedTestPower.Compute(pairs, smallest, level), Is.EqualTo(0.8).Within(1e-6));
        Assert.That(PairedTestPower.FindPairs(1.001 * smallest, level), Is.EqualTo(pairs));
    }

    // With many pairs the statistic is normal: the quantiles of 97.5 % and of 80 %.
    [Test]
    public void For_many_pairs_it_is_that_of_the_normal_distribution() =>
        Assert.That(PairedTestPower.FindSmallestEffect(100_000, Level) * Math.Sqrt(100_000), Is.EqualTo(1.959964 + 0.841621).Within(1e-4));

    [Test]
    public void An_effect_of_nothing_needs_more_pairs_than_there_can_be() => Assert.That(PairedTestPower.FindPairs(0, Level), Is.Null);

    [Test]
    public void Simulated_sweeps_show_the_difference_as_often_as_computed() => AssertSimulated(repetitions: 4000, within: 0.02);

    [Test, Category("Long"), Explicit("some seconds")]
    public void Many_simulated_sweeps_show_the_difference_as_often_as_computed() => AssertSimulated(repetitions: 200_000, within: 0.003);

    // Within about three standard deviations of a share of 80 %.
    private static void AssertSimulated(int repetitions, double within)
    {
        foreach (int pairs in new[] { 3, 5, 10 })
        {
            double effect = PairedTestPower.FindSmallestEffect(pairs, Level);
            int shown = Enumerable.Range(0, repetitions).Count(repetition =>
            {
                SplitMix64 chance = SplitMix64.At(17, repetition, pairs);
                return PairedDifference.FromPairs([.. Enumerable.Range(0, pairs).Select(_ => (effect + chance.Gaussian(), 0.0))]).P < Level;
            });
            Assert.That(shown / (double)repetitions, Is.EqualTo(PairedTestPower.Wanted).Within(within), $"{pairs} pairs");
        }
    }
}
