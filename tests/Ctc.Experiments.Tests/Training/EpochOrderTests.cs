using Ctc.Configuration.Schema;
using Ctc.Experiments.Training;

namespace Ctc.Experiments.Tests.Training;

public class EpochOrderTests
{
    private static readonly Utterance[] Set = [.. Enumerable.Range(0, 103).Select(i => new Utterance($"{i}", [], i % 17, []))];

    private static readonly TrainingConfiguration BatchesOf8 = new() { BatchSize = 4, Accumulate = 2 };

    [Test]
    public void Every_utterance_is_seen_once_an_epoch()
    {
        IReadOnlyList<Utterance[]> batches = EpochOrder.Batches(Set, BatchesOf8, seed: 1, epoch: 0);
        Assert.That(batches.SelectMany(batch => batch), Is.EquivalentTo(Set));
        Assert.That(batches.Select(batch => batch.Length), Is.All.InRange(1, 8));
    }

    [Test]
    public void Several_passes_are_those_of_as_many_epochs()
    {
        TrainingConfiguration thrice = BatchesOf8 with { Passes = 3 };
        IEnumerable<Utterance[]> expected = Enumerable.Range(3, 3).SelectMany(epoch => EpochOrder.Batches(Set, BatchesOf8, seed: 1, epoch));
        IReadOnlyList<Utterance[]> found = EpochOrder.Batches(Set, thrice, seed: 1, epoch: 1);
        Assert.That(found, Is.EqualTo(expected));
        Assert.That(found, Has.Count.EqualTo(EpochOrder.Count(Set.Length, thrice)));
    }

    [Test]
    public void The_order_is_a_function_of_seed_and_epoch()
    {
        string Order(long seed, int epoch) =>
            string.Join(' ', EpochOrder.Batches(Set, BatchesOf8, seed, epoch).SelectMany(batch => batch).Select(utterance => utterance.Id));
        string order = Order(1, 2);
        Assert.That(Order(1, 2), Is.EqualTo(order));
        Assert.That(new[] { Order(1, 3), Order(2, 2), Order(1L << 40, 2), Order(-1, 2) }, Is.All.Not.EqualTo(order));
    }
}
