using Ctc.Engine.Paths;
using Ctc.Engine.Recursions;
using Ctc.Engine.Tests.Recursions.Transducer;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Paths;

[NoTensorLeaks]
[TestFixture(RecursionKind.Fused)]
[TestFixture(RecursionKind.Differentiable)]
public class TransducerViterbiTests(RecursionKind kind)
{
    // Scores are multiples of 1/8, so that sums are exact and ties common.
    [Test]
    [Category("Slow")]
    public void The_best_alignment_is_that_of_the_enumeration_with_its_rule_for_ties()
    {
        int ties = 0;
        for (int seed = 0; seed < 200; seed++)
        {
            using DisposeScope scope = torch.NewDisposeScope();
            var drawn = TransducerCase.Draw(seed, exact: true);
            IReadOnlyList<TransducerPath> found = TransducerViterbi.Align(drawn.Batch, drawn.Scores, kind);
            for (int b = 0; b < drawn.Batch.Size; b++)
            {
                (int[] Frames, double Score)[] possible = [.. drawn.Alignments(b).Where(alignment => alignment.Score > double.NegativeInfinity)];
                Assert.That(found[b].Tokens, Is.EqualTo(drawn.Batch.Targets[b]));
                if (possible.Length == 0)
                {
                    Assert.That((found[b].Score, found[b].Frames), Is.EqualTo((double.NegativeInfinity, (int[]?)null)), $"{seed}");
                    continue;
                }

                double best = possible.Max(alignment => alignment.Score);
                (int[] Frames, double Score)[] equal = [.. possible.Where(alignment => alignment.Score == best)];
                if (equal.Length > 1) ties++;
                int[] expected = equal.MinBy(alignment => alignment.Frames.Reverse().Aggregate(0, (key, frame) => (key * 10) + frame)).Frames;
                Assert.That(found[b].Score, Is.EqualTo(best), $"{seed}");
                Assert.That(found[b].Frames, Is.EqualTo(expected), $"{seed}");
            }
        }

        Assert.That(ties, Is.GreaterThan(10));
    }

    [Test]
    public void A_score_that_is_no_number_has_no_alignment()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor scores = torch.zeros([1, 2, 2, 3], torch.float64);
        scores[0, 1, 0, 1] = double.NaN;
        TransducerPath path = TransducerViterbi.Align(new Batch([[1]], [2], 3), scores, kind).Single();
        Assert.That(path.Score, Is.NaN);
        Assert.That(path.Frames, Is.Null);
    }
}
