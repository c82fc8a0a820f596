using Ctc.Experiments.Data.Common;

namespace Ctc.Experiments.Tests.Data.Common;

public class ZipfRanksTests
{
    private const int Draws = 100_000;

    [TestCase(1.0, new[] { 6 / 11.0, 3 / 11.0, 2 / 11.0 })] // 1 + 1/2 + 1/3 = 11/6
    [TestCase(2.0, new[] { 36 / 49.0, 9 / 49.0, 4 / 49.0 })] // 1 + 1/4 + 1/9 = 49/36
    [TestCase(0.0, new[] { 1 / 3.0, 1 / 3.0, 1 / 3.0 })]
    public void Ranks_have_the_shares_of_Zipfs_law(double exponent, double[] shares)
    {
        int[] counts = Count(new ZipfRanks(3, exponent));
        for (int rank = 0; rank < 3; rank++)
        {
            double fourErrors = 4 * Math.Sqrt(shares[rank] * (1 - shares[rank]) / Draws);
            Assert.That(counts[rank] / (double)Draws, Is.EqualTo(shares[rank]).Within(fourErrors));
        }
    }

    [Test]
    public void A_single_rank_is_always_drawn() => Assert.That(Count(new ZipfRanks(1, 1.3)), Is.EqualTo(new[] { Draws }));

    private static int[] Count(ZipfRanks ranks)
    {
        var random = new SplitMix64(4);
        return [.. Enumerable.Range(0, Draws).Select(_ => ranks.Next(random)).GroupBy(rank => rank).OrderBy(group => group.Key)
            .Select(group => group.Count())];
    }
}
