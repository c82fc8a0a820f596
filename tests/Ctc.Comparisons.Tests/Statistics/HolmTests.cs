using Ctc.Comparisons.Statistics;

namespace Ctc.Comparisons.Tests.Statistics;

public class HolmTests
{
    // The example of pingouin's holm, which rounds to these figures.
    [Test]
    public void A_published_example() => AssertEqual(Holm.Correct(0.50, 0.003, 0.32, 0.054, 0.0003), [0.64, 0.012, 0.64, 0.162, 0.0015]);

    [Test]
    public void One_hypothesis_needs_no_correction() => AssertEqual(Holm.Correct(0.04), [0.04]);

    [Test]
    public void Nothing_becomes_more_than_certain() => AssertEqual(Holm.Correct(0.9, 0.8), [1, 1]);

    [Test]
    public void What_was_not_tested_counts_and_stays_unknown() => Assert.That(Holm.Correct(0.01, null), Is.EqualTo(new double?[] { 0.02, null }));

    [Test]
    public void No_hypotheses_are_none() => Assert.That(Holm.Correct(), Is.Empty);

    // Holm is the closure of Bonferroni: a hypothesis falls where every set of hypotheses that holds it falls by Bonferroni.
    [Test]
    public void The_closed_test_over_all_subsets_agrees([Range(1, 40)] int seed)
    {
        var random = new Random(seed);
        double[] p = [.. Enumerable.Range(0, random.Next(1, 8)).Select(_ => random.Next(3) == 0 ? 0.01 : random.NextDouble() * random.NextDouble())];
        AssertEqual(Holm.Correct([.. p.Select(value => (double?)value)]), [.. Enumerable.Range(0, p.Length).Select(i => Closed(p, i))]);
    }

    private static double Closed(double[] p, int i)
    {
        double largest = 0;
        for (int set = 1; set < 1 << p.Length; set++)
        {
            if ((set >> i & 1) == 0) continue;
            double[] inside = [.. p.Where((_, j) => (set >> j & 1) == 1)];
            largest = Math.Max(largest, Math.Min(1, inside.Length * inside.Min()));
        }

        return largest;
    }

    private static void AssertEqual(double?[] corrected, double[] expected) =>
        Assert.That(corrected.Select(p => p!.Value), Is.EqualTo(expected).Within(1e-12));
}
