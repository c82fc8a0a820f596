using Ctc.Engine.Objectives;
using Ctc.Engine.Recursions;
using Ctc.Engine.Topologies;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Objectives;

/// <summary>Targets whose probability is 1 up to rounding: the loss is not below 0 where the exact value is not.</summary>
[NoTensorLeaks]
[TestFixture(RecursionKind.Fused)]
[TestFixture(RecursionKind.Differentiable)]
public class CertainTargetTests(RecursionKind kind)
{
    [Test]
    [Category("Slow")]
    public void The_loss_of_a_certain_target_is_not_below_zero([Values(6, 600)] int frames, [Values] InputKind input, [Values(3, 300)] int tokens)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Tensor logits, Batch batch) = Certain(frames, tokens);
        Tensor inputs = (input == InputKind.Logits ? logits : logits.log_softmax(2)).requires_grad_();
        using var objective = new Objective(new ObjectiveParts(), Reduction.Sum, recursion: kind);

        ObjectiveResult result = objective.Evaluate(inputs, batch, input);
        result.Loss.backward();
        BatchEvaluation inspected = objective.Inspect(inputs.detach(), batch, input);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.PerUtterance.data<float>().ToArray(), Is.All.InRange(0f, 1e-3f));
            Assert.That(inspected.LogLikelihood.data<float>().ToArray(), Is.All.LessThanOrEqualTo(0f));
            Assert.That(inspected.Loss.data<float>().ToArray(), Is.All.GreaterThanOrEqualTo(0f));
            Tensor plain = input == InputKind.Logits ? inspected.LogProbs.exp() - inspected.Occupancy : -inspected.Occupancy;
            Assert.That(Distance.Between(inputs.grad!, plain), Is.LessThan(1e-4), "the gradient is as it was");
        }
    }

    [Test]
    [Category("Slow")]
    public void Without_the_bound_some_of_these_losses_are_below_zero()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Tensor logits, Batch batch) = Certain(600, 3);
        Tensor logProbs = logits.log_softmax(2), rounded = logProbs.masked_fill(logProbs > -1e-5, 0); // as from a coarser type
        using var objective = new Objective(new ObjectiveParts(), Reduction.None, recursion: kind);
        Lattice lattice = new CtcTopology().Build(batch).Numerator;

        Tensor unbounded = Recursion.LogLikelihood(lattice, rounded, batch.Frames, kind); // scores, not known to be normalised

        Assert.That(unbounded.max().ToDouble(), Is.GreaterThan(0));
        Assert.That(objective.Evaluate(rounded, batch, InputKind.LogProbs).Loss.min().ToDouble(), Is.Zero);
        Assert.That(Recursion.LogLikelihoodFromLogits(lattice, logits, batch.Frames, kind).max().ToDouble(), Is.LessThanOrEqualTo(0));
    }

    [Test]
    public void Where_the_exact_value_is_below_zero_so_is_the_loss()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var batch = new Batch([[1, 1]], [4], tokens: 2);
        Tensor certain = torch.tensor([0.0, 40, 0, 40, 0, 40, 0, 40], [4, 1, 2]);
        double Loss(ObjectiveParts parts, Tensor inputs, InputKind input)
        {
            using var objective = new Objective(parts, Reduction.Sum, recursion: kind);
            return objective.Evaluate(inputs, batch, input).Loss.ToDouble();
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                Loss(new ObjectiveParts { Topology = new ModifiedTopology() }, certain, InputKind.Logits),
                Is.EqualTo(-Math.Log(3)).Within(1e-12), "three paths of the same tokens");
            Assert.That(
                Loss(new ObjectiveParts { Topology = new ModifiedTopology(), Lattice = [new Rewarded()] }, certain, InputKind.Logits),
                Is.LessThan(-2), "arcs above 0");
            Assert.That(
                Loss(new ObjectiveParts { Lattice = [new Rewarded()] }, torch.tensor([0.0, 40, 40, 0, 0, 40, 0, 40], [4, 1, 2]), InputKind.Logits),
                Is.EqualTo(-3).Within(1e-12), "arcs above 0, one path");
            Assert.That(Loss(new ObjectiveParts(), torch.ones([4, 1, 2], torch.float64), InputKind.Scores), Is.LessThan(-4), "scores");
            Assert.That(
                Loss(new ObjectiveParts(), torch.ones([4, 1, 2], torch.float64), InputKind.LogProbs), Is.LessThan(-4), "they are not what was said");
        }
    }

    // Three frames for each token, 1 and 2 in turns, in which the model is sure of it: so sure that its log-probability rounds to 0, and the small
    // probabilities of other alignments come on top.
    private static (Tensor Logits, Batch Batch) Certain(int frames, int tokens)
    {
        const int size = 8, each = 3;
        var logits = new float[frames, size, tokens];
        long[] target = [.. Enumerable.Range(0, frames / each).Select(u => 1L + (u % 2))];
        for (int b = 0; b < size; b++)
        {
            for (int t = 0; t < frames; t++) logits[t, b, target[t / each]] = (float)Math.Log(tokens) + 15.5f + (0.5f * b);
        }

        return (torch.tensor(logits), new Batch([.. Enumerable.Repeat(target, size)], [.. Enumerable.Repeat((long)frames, size)], tokens));
    }

    private sealed class Rewarded : ILatticeTransform
    {
        public Lattice Transform(Lattice numerator, Batch batch) => numerator.WithArcs(numerator.Arcs.WithScores(numerator.Arcs.Scores + 1));
    }
}
