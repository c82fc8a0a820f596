using Ctc.Experiments.Training;

namespace Ctc.Experiments.Tests.Training;

public class PaddedBatchTests
{
    [Test]
    public void Names_for_messages_are_single_lines()
    {
        using var network = new Same();
        var alphabet = new Alphabet(["a"]);
        Batch batch = PaddedBatch.Describe([new Utterance("one\nforged line\u001b[2J", [0], 1, [1])], alphabet, network);
        Assert.That(batch.Names, Is.EqualTo(new[] { @"one\u000Aforged line\u001B[2J" }));
    }

    private sealed class Same() : Encoder("same")
    {
        public override Tensor forward(Tensor features, Tensor frames) => features;
    }
}
