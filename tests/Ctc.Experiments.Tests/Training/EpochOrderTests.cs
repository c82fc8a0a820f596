using Ctc.Experiments.Training;

namespace Ctc.Experiments.Tests.Training;

public class EpochOrderTests
{
    private static readonly Utterance[] Set = [.. Enumerable.Range(0, 103).Select(i => new Utterance($"{i}", [], i % 17, []))];

    [Test]
    public void Every_utterance_is_seen_once_an_epoch()
    {
        IReadOnlyList<Utterance[]> batches = EpochOrder.Batches(Set, 8, seed: 1, epoch: 0);
        Assert.That(batches.SelectMany(batch => batch), Is.EquivalentTo(Set));
        Assert.That(batches.Select(batch => batch.Length), Is.All.InRange(1, 8));
    }

    [Test]
    public void The_order_is_a_function_of_seed_and_epoch()
    {
        string Order(long seed, int epoch) =>
            string.Join(' ', EpochOrder.Batches(Set, 8, seed, epoch).SelectMany(batch => batch).Select(utterance => utterance.Id));
        string order = Order(1, 2);
        Assert.That(Order(1, 2), Is.EqualTo(order));
        Assert.That(new[] { Order(1, 3), Order(2, 2), Order(1L << 40, 2), Order(-1, 2) }, Is.All.Not.EqualTo(order));
    }
}
