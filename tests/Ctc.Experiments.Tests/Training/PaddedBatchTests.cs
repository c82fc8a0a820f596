using Ctc.Experiments.Training;

namespace Ctc.Experiments.Tests.Training;

public class PaddedBatchTests
{
    [Test]
    public void Names_for_messages_are_single_lines()
    {
        using var network = new Same();
        var alphabet = new Alphabet(["a"]);
        Batch batch = PaddedBatch.Describe([new Utterance("one\nforged line\u001b[2J", [0], 1, [1])], new Vocabulary(alphabet), network);
        Assert.That(batch.Names, Is.EqualTo(new[] { @"one\u000Aforged line\u001B[2J" }));
    }

    [Test]
    public void Features_lie_frame_by_frame_with_zeros_behind_the_shorter_ones()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var network = new Same();
        Utterance[] lines = [new("long", [1, 2, 3, 4, 5, 6], 3, []), new("none", [], 0, []), new("short", [7, 8], 1, [])];
        PaddedBatch padded = PaddedBatch.FromUtterances(lines, 2, new Vocabulary(new Alphabet(["a"])), network, torch.CPU, default);
        Assert.That(padded.Features.shape, Is.EqualTo(new long[] { 3, 3, 2 }));
        Assert.That(
            padded.Features.data<float>().ToArray(), Is.EqualTo(new float[] { 1, 2, 0, 0, 7, 8, 3, 4, 0, 0, 0, 0, 5, 6, 0, 0, 0, 0 }));
        Assert.That(padded.Frames.data<long>().ToArray(), Is.EqualTo(new long[] { 3, 0, 1 }));
    }

    private sealed class Same() : Encoder("same")
    {
        public override Tensor forward(Tensor features, Tensor frames) => features;
    }
}
