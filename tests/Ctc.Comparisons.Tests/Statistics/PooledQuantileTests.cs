using Ctc.Comparisons.Statistics;

namespace Ctc.Comparisons.Tests.Statistics;

public class PooledQuantileTests
{
    private static readonly double[][] Units = [[5, 1], [], [3, 3, 9], [2]];

    // Of each value as many copies as its unit counts, sorted, and read off at share · (n − 1).
    [Test]
    public void It_is_that_of_the_values_written_out([Values(0, 0.25, 0.5, 0.9, 1)] double share, [Range(1, 12)] int seed)
    {
        var random = new Random(seed);
        int[] counts = [.. Units.Select(_ => random.Next(4))];
        double[] all = [.. Units.SelectMany((values, unit) => Enumerable.Repeat(values, counts[unit]).SelectMany(copy => copy)).Order()];
        double place = share * (all.Length - 1);
        double expected = all.Length == 0 ? double.NaN : all[(int)place] + ((place - (int)place) * (all[(int)Math.Ceiling(place)] - all[(int)place]));
        Assert.That(new PooledQuantile(Units, share).Compute(counts), Is.EqualTo(expected).Within(1e-12));
    }

    [Test]
    public void Nothing_has_no_quantile() => Assert.That(new PooledQuantile([[], []], 0.5).Compute([1, 1]), Is.NaN);

    [Test]
    public void The_median_of_an_even_number_lies_midway() => Assert.That(new PooledQuantile(Units, 0.5).Compute([1, 0, 0, 0]), Is.EqualTo(3));
}
