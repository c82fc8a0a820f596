
namespace Ctc.Engine.Tests.Randomness;

public class SplitMix64Tests
{
    [Test]
    public void It_gives_the_published_numbers()
    {
        // Rosetta Code, "Pseudo-random numbers/Splitmix64": the first five numbers of the seed 1234567.
        var random = new SplitMix64(1234567);
        ulong[] numbers = [.. Enumerable.Range(0, 5).Select(_ => random.Next())];
        Assert.That(numbers, Is.EqualTo(new[]
        {
            6457827717110365317UL, 3203168211198807973UL, 9817491932198370423UL, 4593380528125082431UL, 16408922859458223821UL,
        }));
    }

    [Test]
    public void Each_path_has_numbers_of_its_own()
    {
        int[][] paths = [[0], [0, 0], [0, 1], [1, 0], [-1, 0]];
        ulong[] First() => [.. paths.Select(path => SplitMix64.At(path).Next())];
        ulong[] once = First(), again = First();
        Assert.That(once, Is.Unique);
        Assert.That(again, Is.EqualTo(once));
    }

    [Test]
    public void Normal_numbers_have_mean_0_variance_1_and_the_tails_of_a_bell()
    {
        var random = new SplitMix64(1);
        double[] drawn = [.. Enumerable.Range(0, 100_000).Select(_ => random.Normal())];
        double variance = drawn.Average(x => x * x);
        Assert.Multiple(() =>
        {
            Assert.That(drawn.Average(), Is.Zero.Within(0.01)); // Three standard errors.
            Assert.That(variance, Is.EqualTo(1).Within(0.015));
            Assert.That(drawn.Count(x => Math.Abs(x) > 2) / 100_000.0, Is.EqualTo(0.0455).Within(0.003)); // 2 Φ(−2)
        });
    }

    [Test]
    public void Whole_numbers_reach_both_ends_and_no_further()
    {
        var random = new SplitMix64(2);
        HashSet<int> seen = [.. Enumerable.Range(0, 1000).Select(_ => random.Between(-1, 2))];
        Assert.That(seen.Order(), Is.EqualTo(new[] { -1, 0, 1, 2 }));
    }

    [Test]
    public void Shuffling_loses_nothing()
    {
        int[] items = [.. Enumerable.Range(0, 100)];
        new SplitMix64(3).Shuffle<int>(items);
        Assert.That(items, Is.Not.Ordered);
        Assert.That(items, Is.EquivalentTo(Enumerable.Range(0, 100)));
    }
}
