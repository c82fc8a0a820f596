using Ctc.Engine.Objectives;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Decoding;

/// <summary>Decoding after the emission transforms, which is a choice.</summary>
[NoTensorLeaks]
public class TransformedDecodingTests
{
    [Test]
    public void Transforms_are_applied_if_it_is_asked_for_and_frames_are_normalised()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var objective = new Objective(new ObjectiveParts { Emissions = [new BlankPenalty()] });
        Tensor logits = torch.log(torch.tensor([0.6, 0.4, 0.8, 0.2], [2, 1, 2], torch.float64)); // blank, a
        var batch = new Batch([[]], [2], tokens: 2);
        Hypothesis plain = objective.Decode(new EncoderOutput(logits), batch)[0][0];
        Hypothesis transformed = objective.Decode(new EncoderOutput(logits), batch, transformed: true)[0][0];
        Assert.That((plain.Path, plain.Score), Is.EqualTo((new long[] { 0, 0 }, Math.Log(0.48))).Within(1e-12));
        // 0.6 / 2 and 0.4; 0.8 / 2 and 0.2
        Assert.That(transformed.Path, Is.EqualTo(new long[] { 1, 0 }));
        Assert.That(transformed.Score, Is.EqualTo(Math.Log(0.4 / 0.7 * (0.4 / 0.6))).Within(1e-12));
    }

    // The blank has half its probability.
    private sealed class BlankPenalty : IEmissionTransform
    {
        public Tensor Transform(Tensor scores, Batch batch) => scores - torch.tensor([Math.Log(2), 0.0]);
    }
}
