using Ctc.Experiments.Calibrations;

namespace Ctc.Experiments.Tests.Calibrations;

public class IsotonicMapTests
{
    [Test]
    public void Neighbours_that_fall_are_pooled()
    {
        // Right: 0, then 1 0 0 fall and become 1/3 at the mean 0.3, then 1 0 become 1/2 at 0.65, then 1.
        IsotonicMap map = Fit((0.1, 0), (0.2, 1), (0.3, 0), (0.4, 0), (0.6, 1), (0.7, 0), (0.9, 1));
        Assert.That(map.Confidences, Is.EqualTo(new[] { 0.1, 0.3, 0.65, 0.9 }).Within(1e-15));
        Assert.That(map.Shares, Is.EqualTo(new[] { 0, 1 / 3.0, 0.5, 1 }).Within(1e-15));
    }

    [Test]
    public void Between_two_pools_it_is_a_straight_line_and_outside_it_is_level()
    {
        IsotonicMap map = Fit((0.2, 0), (0.6, 1));
        Assert.That(new[] { 0, 0.2, 0.3, 0.5, 0.6, 1 }.Select(map.At), Is.EqualTo(new[] { 0, 0, 0.25, 0.75, 1, 1 }).Within(1e-15));
    }

    [Test]
    public void What_falls_throughout_has_one_share()
    {
        IsotonicMap map = Fit((0.1, 1), (0.2, 1), (0.5, 0), (0.8, 0));
        Assert.That((map.Confidences.Single(), map.Shares.Single()), Is.EqualTo((0.4, 0.5)));
        Assert.That(new[] { 0, 0.4, 1 }.Select(map.At), Is.All.EqualTo(0.5));
    }

    [Test]
    public void Equal_confidences_have_one_share_in_any_order()
    {
        IsotonicMap map = Fit((0.5, 1), (0.5, 0), (0.5, 0), (0.5, 1), (0.25, 0));
        Assert.That((map.Confidences, map.Shares), Is.EqualTo((new[] { 0.25, 0.5 }, new[] { 0, 0.5 })));
    }

    [Test]
    public void No_rising_map_has_smaller_squared_errors()
    {
        var random = new Random(3);
        for (int trial = 0; trial < 200; trial++)
        {
            int[] right = [.. Enumerable.Range(0, random.Next(1, 9)).Select(_ => random.Next(2))];
            IsotonicMap map = Fit([.. right.Select((one, i) => (i / 8.0, one))]);
            (double error, int first) = (0, 0);
            foreach ((double mean, double share) in map.Confidences.Zip(map.Shares))
            {
                int count = (int)Math.Round(2 * ((8 * mean) - first)) + 1; // of a pool of neighbours from the first one
                error += right.Skip(first).Take(count).Sum(one => (one - share) * (one - share));
                first += count;
            }

            Assert.That(first, Is.EqualTo(right.Length));
            Assert.That(map.Shares, Is.Ordered);
            Assert.That(error, Is.EqualTo(LeastError(right)).Within(1e-12));
        }
    }

    [Test]
    public void Nothing_has_no_map() => Assert.That(() => Fit(), Throws.ArgumentException);

    // A rising map is level on runs of neighbours: all ways to cut them into runs with rising means.
    private static double LeastError(int[] right)
    {
        double least = double.PositiveInfinity;
        for (int cuts = 0; cuts < 1 << (right.Length - 1); cuts++)
        {
            var runs = new List<List<int>> { new() };
            for (int i = 0; i < right.Length; i++)
            {
                if (i > 0 && (cuts >> (i - 1) & 1) == 1) runs.Add([]);
                runs[^1].Add(right[i]);
            }

            double[] means = [.. runs.Select(run => run.Average())];
            if (means.Zip(means.Skip(1)).Any(pair => pair.First > pair.Second)) continue;
            least = Math.Min(least, runs.Zip(means, (run, mean) => run.Sum(one => (one - mean) * (one - mean))).Sum());
        }

        return least;
    }

    private static IsotonicMap Fit(params (double Confidence, int Right)[] samples) =>
        IsotonicMap.Fit(samples.Select(sample => new JudgedConfidence(sample.Confidence, sample.Right == 1)));
}
