using Ctc.Engine.Paths;
using Ctc.Engine.Recursions;
using Ctc.Engine.Recursions.Transducer;
using Ctc.Testing.Oracles;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Recursions.Transducer;

[NoTensorLeaks]
public class MonotonicRecursionTests
{
    [TestCase(RecursionKind.Auto)]
    [TestCase(RecursionKind.Differentiable)]
    public void Likelihood_entropy_occupancy_and_best_alignment_are_those_of_the_enumeration(RecursionKind kind)
    {
        for (int seed = 0; seed < 30; seed++)
        {
            using DisposeScope scope = torch.NewDisposeScope();
            TransducerCase drawn = TransducerCase.Draw(seed);
            (Batch batch, Tensor scores) = (drawn.Batch, drawn.Scores);
            double[] likelihoods = [.. MonotonicRecursion.LogLikelihood(batch, scores, kind).data<double>()];
            double[] entropies = [.. MonotonicRecursion.Entropy(batch, scores, kind).data<double>()];
            using TransducerOccupancy occupancy = MonotonicRecursion.Occupancy(batch, scores, kind);
            IReadOnlyList<TransducerPath> best = TransducerViterbi.AlignMonotonic(batch, scores, kind);
            (Tensor blanks, Tensor tokens) = (torch.zeros_like(occupancy.Blanks), torch.zeros_like(occupancy.Tokens));
            for (int b = 0; b < batch.Size; b++)
            {
                (int[] Frames, double Score)[] all =
                    [.. drawn.Alignments(b, isMonotonic: true).Where(alignment => alignment.Score > double.NegativeInfinity)];
                double total = all.Sum(alignment => Math.Exp(alignment.Score));
                Assert.That(Math.Exp(likelihoods[b]), Is.EqualTo(total).Within(1e-9), $"{seed}, {b}");
                double entropy = all.Sum(alignment => -Math.Exp(alignment.Score) / total * (alignment.Score - Math.Log(total)));
                Assert.That(entropies[b], Is.EqualTo(entropy).Within(1e-9), $"{seed}, {b}");
                Assert.That(best[b].Frames is null, Is.EqualTo(all.Length == 0), $"{seed}, {b}");
                if (all.Length == 0) continue;
                Assert.That(best[b].Score, Is.EqualTo(all.Max(alignment => alignment.Score)).Within(1e-9), $"{seed}, {b}");
                Assert.That(all.Any(one => one.Frames.SequenceEqual(best[b].Frames!) && Math.Abs(one.Score - best[b].Score) < 1e-9), Is.True);
                foreach ((int[] frames, double score) in all)
                {
                    for (int t = 0; t < batch.Frames[b]; t++)
                    {
                        (frames.Contains(t) ? tokens : blanks)[b, t, frames.Count(frame => frame < t)] += Math.Exp(score) / total;
                    }
                }
            }

            Assert.That(Distance.Between(occupancy.Blanks, blanks), Is.LessThan(1e-9), $"{seed}");
            Assert.That(Distance.Between(occupancy.Tokens, tokens), Is.LessThan(1e-9), $"{seed}");
        }
    }

    [TestCase(RecursionKind.Auto)]
    [TestCase(RecursionKind.Differentiable)]
    [Category("Slow")]
    public void Gradients_are_the_occupancy_and_those_of_finite_differences(RecursionKind kind)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var batch = new Batch([[1, 2], [1], [2, 2]], [3, 2, 1], tokens: 3); // the last has too few frames
        Tensor scores = torch.randn([3, 3, 3, 3], torch.float64, generator: new torch.Generator(1));
        foreach (Func<Tensor, Tensor> quantity in (Func<Tensor, Tensor>[])
            [at => MonotonicRecursion.LogLikelihood(batch, at, kind), at => MonotonicRecursion.Entropy(batch, at, kind)])
        {
            Tensor Sum(Tensor at) => quantity(at).narrow(0, 0, 2).sum();
            Assert.That(Distance.Between(FiniteDifferences.Autograd(Sum, scores), FiniteDifferences.Gradient(Sum, scores)), Is.LessThan(1e-7));
        }

        Tensor leaf = scores.clone().requires_grad_();
        MonotonicRecursion.LogLikelihood(batch, leaf, kind, fastEmit: 0.5).sum().backward();
        using TransducerOccupancy occupancy = MonotonicRecursion.Occupancy(batch, scores, kind);
        Assert.That(Distance.Between(leaf.grad!.select(3, 0), occupancy.Blanks), Is.LessThan(1e-12));
        Assert.That(Distance.Between(leaf.grad!.narrow(3, 1, 2).sum([3L]), occupancy.Tokens * 1.5), Is.LessThan(1e-12));
        Assert.That(leaf.grad![2].abs().sum().ToDouble(), Is.Zero);
    }
}
