using Ctc.Comparisons.Statistics;

namespace Ctc.Comparisons.Tests.Statistics;

public class BootstrapTests
{
    [Test]
    public void Every_resample_has_as_many_units_as_there_are()
    {
        double[] sizes = Bootstrap.Resample(7, [counts => counts.Sum()])[0];
        Assert.That(sizes, Has.Length.EqualTo(Bootstrap.Resamples).And.All.EqualTo(7));
    }

    [Test]
    public void The_same_draws_come_every_time_whatever_is_computed_of_them()
    {
        Func<int[], double> first = counts => counts[0], last = counts => counts[^1];
        Assert.That(Bootstrap.Resample(20, [first, last])[0], Is.EqualTo(Bootstrap.Resample(20, [first])[0]));
    }

    // Each unit is drawn Binomial(n, 1/n) times: mean 1, variance 1 − 1/n; two of them have covariance −1/n.
    [Test]
    public void Counts_have_the_moments_of_a_multinomial()
    {
        double[][] counts = Bootstrap.Resample(12, [drawn => drawn[0], drawn => drawn[5]]);
        double a = counts[0].Average(), b = counts[1].Average();
        double variance = counts[0].Average(count => (count - a) * (count - a));
        double covariance = counts[0].Zip(counts[1], (one, other) => (one - a) * (other - b)).Average();
        Assert.That((a, variance, covariance), Is.EqualTo((1.0, 11 / 12.0, -1 / 12.0)).Using<(double, double, double)>(Near));

        static bool Near((double, double, double) one, (double, double, double) other) =>
            Math.Abs(one.Item1 - other.Item1) < 0.06 && Math.Abs(one.Item2 - other.Item2) < 0.09 && Math.Abs(one.Item3 - other.Item3) < 0.06;
    }

    // Of k ones among n the resampled number of ones is Binomial(n, k/n): the interval ends at its quantiles at the expanded
    // level, which lie far from a step of the distribution in these cases (scipy 1.10, binom and t).
    [TestCase(12, 6, 2, 10)]
    [TestCase(22, 10, 5, 15)]
    [TestCase(40, 6, 2, 11)]
    public void The_share_of_ones_has_the_quantiles_of_a_binomial(int units, int ones, int low, int high)
    {
        double[] shares = Bootstrap.Resample(units, [counts => counts.Take(ones).Sum() / (double)units])[0];
        Interval interval = Bootstrap.Interval(shares, units)!.Value;
        Assert.That((interval.Low * units, interval.High * units), Is.EqualTo(((double)low, (double)high)).Using<(double, double)>((one, other) =>
            Math.Abs(one.Item1 - other.Item1) < 1e-9 && Math.Abs(one.Item2 - other.Item2) < 1e-9));
    }

    // The expansion is made for this: of normal values the interval of the mean is Student's.
    [TestCase(10)]
    [TestCase(25)]
    [TestCase(400)]
    public void The_interval_of_a_mean_is_Students(int units)
    {
        SplitMix64 chance = SplitMix64.At(3, units);
        double[] values = [.. Enumerable.Range(0, units).Select(_ => chance.Gaussian())];
        double[] means = Bootstrap.Resample(units, [counts => counts.Zip(values, (count, value) => count * value).Sum() / units])[0];
        Interval student = SampleMean.FromValues(values).Interval!.Value, bootstrap = Bootstrap.Interval(means, units)!.Value;
        Assert.That(bootstrap.HalfWidth / student.HalfWidth, Is.EqualTo(1).Within(0.08));
        Assert.That(bootstrap.Low, Is.EqualTo(student.Low).Within(0.12 * student.HalfWidth));
    }

    [Test]
    public void Few_units_have_no_interval()
    {
        Assert.That(Bootstrap.Interval([1, 2, 3], Bootstrap.FewestUnits - 1), Is.Null);
        Assert.That(Bootstrap.Interval([1, 2, 3], Bootstrap.FewestUnits), Is.Not.Null);
        Assert.That(Bootstrap.Interval([double.NaN], 100), Is.Null);
    }

    [Test]
    public void Values_that_are_all_the_same_have_no_interval() => Assert.That(Bootstrap.Interval([0.5, 0.5, 0.5], 100), Is.Null);
}
