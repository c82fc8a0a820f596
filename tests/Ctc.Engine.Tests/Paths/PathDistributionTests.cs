using Ctc.Engine.Objectives;
using Ctc.Engine.Recursions;
using Ctc.Engine.Tests.Recursions;
using Ctc.Testing.Oracles;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Paths;

/// <summary>The distribution over the paths of any lattice, as a part gets it, against the list of all paths.</summary>
[NoTensorLeaks]
[TestFixture(RecursionKind.Auto)]
[TestFixture(RecursionKind.Differentiable)]
public class PathDistributionTests(RecursionKind kind)
{
    [Test]
    [Category("Slow")]
    public void Every_quantity_is_that_of_the_list_of_all_paths_with_and_without_gradient([Range(0, 47)] int seed, [Values] bool recorded)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        LatticeCase drawn = LatticeCase.Draw(seed);
        var expected = new EnumeratedBatch(drawn);
        PathDistribution paths = Distribution(drawn, recorded ? drawn.Scores.clone().requires_grad_() : drawn.Scores);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(paths.LogLikelihood.data<double>().ToArray(), Is.EqualTo(expected.LogLikelihood.data<double>().ToArray()).Within(1e-11));
            Assert.That(Distance.Between(paths.Occupancy, expected.Occupancy), Is.LessThan(1e-11), "occupancy");
            Assert.That(Distance.Between(paths.States, expected.States), Is.LessThan(1e-11), "states");
            Assert.That(Distance.Between(paths.Arcs, expected.Arcs), Is.LessThan(1e-11), "arcs");
            Assert.That(Distance.Between(paths.Entropy, expected.Entropy), Is.LessThan(1e-11), "entropy");
            Assert.That(paths.Best.Scores[0].data<double>().ToArray(), Is.EqualTo(expected.BestScore).Within(1e-11));
            Assert.That(paths.States.requires_grad, Is.EqualTo(recorded));
        }
    }

    [Test]
    [Category("Slow")]
    public void Gradients_of_state_and_arc_shares_equal_differences([Range(0, 11)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        LatticeCase drawn = LatticeCase.Draw(seed);
        Tensor scores = drawn.Scores.nan_to_num(0, neginf: -1), arcs = drawn.Lattice.Arcs.Scores;
        Tensor allowed = arcs.isneginf().logical_not();
        Tensor Weights(long[] shape, ulong of) => torch.randn(shape, torch.float64, generator: new torch.Generator(of));
        PathDistribution whole = Distribution(drawn with { Scores = scores }, scores);
        (Tensor byState, Tensor byArc) = (Weights(whole.States.shape, 1), Weights(whole.Arcs.shape, 2));

        // Of scores and the scores of arcs that exist, at once, along four directions.
        Tensor Value(Tensor point)
        {
            Tensor read = point.narrow(0, 0, scores.numel()).view(scores.shape);
            Tensor moved = arcs.masked_scatter(allowed, point.narrow(0, scores.numel(), point.numel() - scores.numel()));
            Lattice lattice = drawn.Lattice.WithArcs(drawn.Lattice.Arcs.WithScores(moved));
            PathDistribution paths = Distribution(new LatticeCase(lattice, read, drawn.Frames), read);
            return (paths.States * byState).sum() + (paths.Arcs * byArc).sum() + paths.Entropy.sum();
        }

        Tensor at = torch.cat([scores.flatten(), arcs.masked_select(allowed)]);
        Tensor gradient = FiniteDifferences.Autograd(Value, at);
        for (ulong i = 3; i < 7; i++)
        {
            Tensor direction = Weights(at.shape, i);
            double difference = FiniteDifferences.Along(Value, at, direction).item<double>();
            Assert.That((gradient * direction).sum().item<double>(), Is.EqualTo(difference).Within(1e-7));
        }
    }

    [Test]
    [Category("Slow")]
    public void Drawn_paths_have_the_scores_of_the_list_and_no_other_paths_are_drawn([Range(0, 35)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        LatticeCase drawn = LatticeCase.Draw(seed);
        BatchPaths paths = Distribution(drawn, drawn.Scores).Draw(20);
        for (int b = 0; b < drawn.Frames.Count; b++)
        {
            ILookup<string, double> listed = LatticePathEnumeration.Paths(drawn.Lattice, RandomCase.Rows(drawn.Scores, b, drawn.Frames[b]), b)
                .ToLookup(path => string.Join(" ", path.States), path => path.Score);
            for (int i = 0; i < 20; i++)
            {
                long[] states = [.. paths.States![i].select(1, b).contiguous().data<long>().ToArray().Where(state => state >= 0)];
                double score = paths.Scores[i, b].ToDouble();
                if (listed.Count == 0) Assert.That((states.Length, score), Is.EqualTo((0, double.NegativeInfinity)));
                else Assert.That(listed[string.Join(" ", states)], Has.Some.EqualTo(score).Within(1e-11));
            }
        }
    }

    [Test]
    public void An_utterance_draws_the_same_paths_alone_in_its_batch_and_whatever_their_number([Range(0, 11)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        LatticeCase drawn = LatticeCase.Draw(seed);
        Tensor together = Distribution(drawn, drawn.Scores).Draw(5).States!;
        Lattice lattice = drawn.Lattice;
        for (int b = 0; b < drawn.Frames.Count; b++)
        {
            Tensor Own(Tensor tensor, long dimension) => tensor.narrow(dimension, b, 1);
            Arcs arcs = lattice.Arcs is IndexedArcs indexed
                ? new IndexedArcs(Own(indexed.Sources, 1), Own(indexed.Scores, indexed.Scores.dim() - 2))
                : lattice.Arcs.WithScores(Own(lattice.Arcs.Scores, lattice.Arcs.Scores.dim() - 2));
            var own = new Lattice(Own(lattice.Labels, 0), arcs, Own(lattice.Initial, 0), Own(lattice.Final, 0), Own(lattice.Empty, 0))
            {
                Classes = lattice.Classes is { } classes
                    ? new TokenClasses(Own(classes.Rest, 0), Own(classes.Tokens, 0), Own(classes.Weights, 0))
                    : null,
            };
            Tensor scores = Own(drawn.Scores, 1).narrow(0, 0, Math.Max(drawn.Frames[b], 1));
            Tensor alone = Distribution(new LatticeCase(own, scores, [drawn.Frames[b]]), scores, $"{b}").Draw(3).States!;
            Tensor expected = together.narrow(0, 0, 3).narrow(2, b, 1).narrow(1, 0, alone.shape[1]);
            Assert.That(alone.equal(expected).all().item<bool>());
        }
    }

    [Test]
    public void The_step_decides_the_paths_and_nothing_else_does()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        LatticeCase drawn = LatticeCase.Draw(0);
        Tensor At(long step) => Distribution(drawn, drawn.Scores, step: step).Draw(50).States!;
        Assert.That(At(3).equal(At(3)).all().item<bool>());
        Assert.That(At(3).equal(At(4)).all().item<bool>(), Is.False);
    }

    private PathDistribution Distribution(LatticeCase drawn, Tensor scores, string? id = null, long step = 0)
    {
        long tokens = scores.shape[2];
        var batch = new Batch(
            [.. drawn.Frames.Select(_ => Array.Empty<long>())], drawn.Frames, tokens, progress: new Progress(step, 0, true),
            names: id is null ? null : [id]);
        using var objective = new Objective(new ObjectiveParts(), recursion: kind);
        return objective.Inspect(torch.zeros(scores.shape, torch.float64), batch).Distribution(drawn.Lattice, scores);
    }
}
