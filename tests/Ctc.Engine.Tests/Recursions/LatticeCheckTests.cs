using Ctc.Engine.Paths;
using Ctc.Engine.Recursions;
using Ctc.Engine.Topologies;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Recursions;

/// <summary>Scores of another type, tokens and states that do not exist, and lattices that are too large: one sentence, in every recursion.</summary>
[NoTensorLeaks]
[TestFixture(RecursionKind.Auto)]
[TestFixture(RecursionKind.Differentiable)]
public class LatticeCheckTests(RecursionKind kind)
{
    private static readonly Batch Batch = new([[1], [2]], [2, 2], tokens: 3);

    [TestCase(torch.ScalarType.Float16)]
    [TestCase(torch.ScalarType.BFloat16)]
    public void A_recursion_computes_in_single_or_double_precision(torch.ScalarType type)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor scores = torch.zeros([2, 2, 3], type);
        Lattice lattice = new CtcTopology().Build(Batch).Numerator;
        foreach (Action call in Calls(lattice, scores))
        {
            Assert.That(
                call, Throws.ArgumentException.With.Message.StartsWith($"The scores are of type {type}; expected Float32 or Float64."));
        }
    }

    [TestCase(3)]
    [TestCase(-1)]
    public void A_token_outside_the_vocabulary_is_named(long token)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Lattice good = new CtcTopology().Build(Batch).Numerator;
        Tensor labels = good.Labels.clone();
        labels[1, 1] = torch.tensor(token);
        foreach (Action call in Calls(good.WithLabels(labels), torch.zeros([2, 2, 3])))
        {
            Assert.That(
                call,
                Throws.ArgumentException.With.Message.EqualTo(
                    $"A state of utterance 1 has token {token}; expected a token in [0, 3). (Parameter 'lattice')"));
        }
    }

    [Test]
    public void A_state_that_does_not_exist_is_named()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor sources = torch.zeros([1, 2, 1], torch.int64);
        sources[0, 1, 0] = torch.tensor(5L);
        Tensor zeros = torch.zeros([2, 1], torch.float64);
        var arcs = new IndexedArcs(sources, torch.zeros([1, 2, 1], torch.float64));
        var lattice = new Lattice(torch.ones([2, 1], torch.int64), arcs, zeros, zeros, torch.zeros([2], torch.float64));
        foreach (Action call in Calls(lattice, torch.zeros([2, 2, 3])))
        {
            Assert.That(call, Throws.ArgumentException.With.Message.StartsWith("An arc of utterance 1 comes from state 5; expected 0 to 0."));
        }
    }

    [Test]
    public void A_lattice_of_other_shapes_is_refused()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Lattice good = new CtcTopology().Build(Batch).Numerator;
        foreach (Action call in Calls(good.WithInitial(torch.zeros([2, 7], torch.float64)), torch.zeros([2, 2, 3])))
        {
            const string sentence = "The initial scores of the lattice have shape [2, 7]; expected [2, 3].";
            Assert.That(call, Throws.ArgumentException.With.Message.StartsWith(sentence));
        }
    }

    [Test]
    public void A_lattice_beyond_the_limit_is_refused_with_its_sizes()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var objective = new Engine.Objectives.Objective(new Engine.Objectives.ObjectiveParts(), recursion: kind) { MemoryLimit = 1000 };
        Tensor leaf = torch.zeros([9, 2, 3], torch.float64).requires_grad_();
        var batch = new Batch([[1], [2]], [9, 8], tokens: 3);
        var exception = Assert.Throws<LatticeTooLargeException>(() => objective.Evaluate(leaf, batch))!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That((exception.Frames, exception.Utterances, exception.States, exception.Slots), Is.EqualTo((9, 2, 3, 3)));
            Assert.That((exception.Limit, exception.Bytes > 1000), Is.EqualTo((1000, true)));
            Assert.That(exception.Message, Does.Contain("for 9 frames of 2 utterances with 3 states of 3 arcs each; expected at most 0.0 GB."));
        }
    }

    [Test]
    public void Without_a_backward_pass_the_fused_recursion_keeps_no_frames()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var withoutGradient = torch.no_grad();
        using var objective = new Engine.Objectives.Objective(new Engine.Objectives.ObjectiveParts(), recursion: kind) { MemoryLimit = 100_000 };
        var batch = new Batch([[1]], [2_000], tokens: 3);
        Action evaluate = () => objective.Evaluate(torch.zeros([2_000, 1, 3], torch.float64), batch);
        if (kind == RecursionKind.Auto) Assert.That(evaluate, Throws.Nothing);
        else Assert.That(evaluate, Throws.TypeOf<LatticeTooLargeException>());
    }

    private IEnumerable<Action> Calls(Lattice lattice, Tensor scores)
    {
        long[] frames = [2, 2];
        yield return () => Recursion.LogLikelihood(lattice, scores, frames, kind);
        yield return () => Recursion.LogLikelihoodFromLogits(lattice, scores, frames, kind);
        yield return () => Recursion.Occupancy(lattice, scores, frames, kind);
        yield return () => Recursion.Entropy(lattice, scores, frames, kind);
        yield return () => Recursion.ArcExpectations(lattice, scores, frames, kind);
        yield return () => Viterbi.Align(lattice, scores, frames, kind);
        yield return () => PathSampling.Draw(lattice, scores, frames, 1, seed: 1);
    }
}
