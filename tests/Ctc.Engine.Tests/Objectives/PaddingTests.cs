using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ctc.Engine.Objectives;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Objectives;

/// <summary>Masks cost time in large batches: a tensor is masked only where there is padding, and only for parts that read it.</summary>
[NoTensorLeaks]
public class PaddingTests
{
    [Test]
    public void Where_all_utterances_have_all_frames_nothing_is_masked_or_copied([Values(InputKind.LogProbs, InputKind.Scores)] InputKind kind)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor inputs = torch.zeros([3, 2, 4], torch.float32).log_softmax(2);
        using var plain = new Objective(new ObjectiveParts());
        BatchEvaluation full = plain.Inspect(inputs, new Batch([[1], [2]], [3, 3], tokens: 4), kind);
        BatchEvaluation padded = plain.Inspect(inputs, new Batch([[1], [2]], [3, 2], tokens: 4), kind);
        Assert.That(ShareMemory(full.Scores, inputs));
        Assert.That(full.Scores, Is.Not.SameAs(inputs), "a part that disposes what it reads does not dispose the inputs");
        Assert.That(ShareMemory(padded.Scores, inputs), Is.False);
    }

    [Test]
    public void A_recursion_reads_padded_scores_as_they_are([Values(InputKind.LogProbs, InputKind.Scores)] InputKind kind)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor inputs = torch.zeros([3, 2, 4], torch.float32).log_softmax(2);
        var batch = new Batch([[1], [2]], [3, 2], tokens: 4);
        var model = new ModelOutput(inputs, batch, kind, new Dictionary<string, Tensor>());
        var reading = new BatchReading(new EvaluationSettings(new ObjectiveParts()), model, batch, new PartCalls(null));
        Assert.That(ShareMemory(reading.UnmaskedScores, inputs));
        Assert.That(ShareMemory(reading.Scores, inputs), Is.False);
    }

    private static ref byte First(Tensor tensor) => ref MemoryMarshal.GetReference(tensor.bytes);

    private static bool ShareMemory(Tensor one, Tensor other) => Unsafe.AreSame(ref First(one), ref First(other));
}
