using Ctc.Engine.Decoding;
using Ctc.Engine.Objectives;
using Ctc.Engine.Paths;
using Ctc.Engine.Recursions;
using Ctc.Engine.Topologies;
using Ctc.Tests;

namespace Ctc.Engine.Tests;

/// <summary>Public methods, called without a dispose scope around them: nothing outlives them but what they return.</summary>
[NoTensorLeaks]
[TestFixture(RecursionKind.Auto)]
[TestFixture(RecursionKind.Differentiable)]
public class TensorLeakTests(RecursionKind kind)
{
    private static readonly Batch Batch = new([[1, 2, 2], []], [5, 3], tokens: 4);

    [Test]
    public void The_recursion_returns_one_tensor() => With((lattice, scores) =>
    {
        using Tensor likelihood = Recursion.LogLikelihood(lattice, scores, Batch.Frames, kind);
        using Tensor occupancy = Recursion.Occupancy(lattice, scores, Batch.Frames, kind);
        using Tensor foreign = ForeignGradient.Occupancy(scores, occupancy, Batch.Frames);
    });

    [Test]
    public void Gradients_linger_until_the_next_backward_pass_of_the_thread_and_no_longer() => With((lattice, scores) =>
    {
        long lingering = Lingering();
        Assert.That(Lingering(), Is.EqualTo(lingering));
        using DisposeScope scope = torch.NewDisposeScope(); // those of this last pass belong to it
        Lingering();

        long Lingering()
        {
            for (int step = 0; step < 3; step++)
            {
                using Tensor leaf = scores.detach().requires_grad_();
                using Tensor likelihood = Recursion.LogLikelihood(lattice, leaf, Batch.Frames, kind);
                using Tensor total = likelihood.sum();
                total.backward();
                using Tensor gradient = leaf.grad!;
            }

            return DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        }
    });

    [Test]
    public void Viterbi_returns_an_alignment_that_its_owner_disposes() =>
        With((lattice, scores) => Viterbi.Align(lattice, scores, Batch.Frames).Dispose());

    [Test]
    public void Sampling_returns_paths_that_their_owner_disposes() =>
        With((lattice, scores) => PathSampling.Draw(lattice, scores, Batch.Frames, 3, seed: 1).Dispose());

    [Test]
    public void Best_path_decoding_returns_no_tensor() => With((_, scores) => BestPath.Decode(scores, Batch.Frames, blank: 0));

    [Test]
    public void An_objective_returns_a_result_that_its_owner_disposes([Values] bool learning, [Values] Reduction reduction) => With((_, scores) =>
    {
        using Tensor leaf = scores.alias().requires_grad_(learning);
        using var everything = new Objective(
            new ObjectiveParts { Emissions = [new Sharper()], Targets = [new Smoother()], Weighting = [new Halver()], Auxiliary = [new Entropy()] },
            reduction,
            recursion: kind);
        using ObjectiveResult result = everything.Evaluate(leaf, Batch);
    });

    [Test]
    public void A_refused_batch_leaves_nothing_behind() => With((_, scores) =>
    {
        using var plain = new Objective(new ObjectiveParts(), recursion: kind);
        Assert.That(() => plain.Evaluate(scores, new Batch([[1, 1, 1, 1], []], [5, 3], tokens: 4)), Throws.TypeOf<InfeasibleException>());
        Assert.That(() => plain.Evaluate(scores, new Batch([[1], []], [5, 6], tokens: 4)), Throws.ArgumentException);
    });

    // What the tests around it use is made and disposed in a scope of its own.
    private static void With(Action<Lattice, Tensor> test)
    {
        Tensor scores = torch.zeros([5, 2, 4], torch.float64);
        Lattice lattice = new CtcTopology().Build(Batch).Numerator;
        test(lattice, scores);
        scores.Dispose();
        Tensor[] own = [lattice.Labels, lattice.Arcs.Scores, lattice.Initial, lattice.Final, lattice.Empty, lattice.Positions!];
        foreach (Tensor tensor in own) tensor.Dispose();
    }

    private sealed class Sharper : IEmissionTransform
    {
        public Tensor Transform(Tensor scores, Batch batch) => scores * 2;
    }

    private sealed class Smoother : ITargetTransform
    {
        public FrameTargets Transform(FrameTargets targets, Evaluation evaluation) => targets.WithShares((targets.Shares * 0.5) + 0.125);
    }

    private sealed class Halver : ILossWeighting
    {
        public Tensor Weigh(Evaluation evaluation) => (-evaluation.Loss).exp();
    }

    [Part("entropy", Needs = Needs.DifferentiableOccupancy | Needs.ViterbiPath)]
    private sealed class Entropy : IAuxiliaryTerm
    {
        public double BaseShare(Progress progress) => 0.5;

        public Tensor Evaluate(Evaluation evaluation)
        {
            Assert.That(evaluation.ViterbiPath.shape, Is.EqualTo(new long[] { 5, 2 }));
            return evaluation.SumFrames(Evaluation.Expectation(evaluation.Occupancy, evaluation.LogProbs));
        }
    }
}
