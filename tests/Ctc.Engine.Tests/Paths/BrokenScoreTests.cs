using Ctc.Engine.Paths;
using Ctc.Engine.Recursions;
using Ctc.Engine.Topologies;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Paths;

/// <summary>NaN and +∞ in valid frames: the recursions agree which utterances they reach, and those have no path.</summary>
[NoTensorLeaks]
[TestFixture(RecursionKind.Fused)]
[TestFixture(RecursionKind.Differentiable)]
public class BrokenScoreTests(RecursionKind kind)
{
    [Test]
    public void A_score_that_a_path_can_read_leaves_no_path([Values(double.NaN, double.PositiveInfinity)] double broken)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var batch = new Batch([[1, 2], [1, 2]], [4, 4], tokens: 3);
        Tensor scores = torch.zeros([4, 2, 3], torch.float64).log_softmax(2);
        scores[1, 0, 1] = torch.tensor(broken);
        Lattice lattice = new CtcTopology().Build(batch).Numerator;

        ViterbiAlignment best = Viterbi.Align(lattice, scores, batch.Frames, kind);
        PathSamples drawn = PathSampling.Draw(lattice, scores, batch.Frames, count: 5, seed: 1);
        double[] likelihood = Recursion.LogLikelihood(lattice, scores, batch.Frames, kind).data<double>().ToArray();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(likelihood[0], Is.NaN);
            Assert.That(likelihood[1], Is.EqualTo(Math.Log(15 / 81.0)).Within(1e-14));
            Assert.That(best.Score[0].ToDouble(), Is.NaN);
            Assert.That(best.Tokens[.., 0].data<long>().ToArray(), Is.All.EqualTo(-1));
            Assert.That(best.States[.., 0].data<long>().ToArray(), Is.All.EqualTo(-1));
            Assert.That(best.States[.., 1].data<long>().ToArray(), Is.All.GreaterThanOrEqualTo(0));
            Assert.That(drawn.Tokens[.., .., 0].eq(-1).all().item<bool>());
            Assert.That(drawn.Tokens[.., .., 1].ge(0).all().item<bool>());
        }
    }

    [Test]
    public void A_score_of_the_lattice_that_is_no_number_leaves_no_path([Values("arcs", "starts", "ends")] string which)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var batch = new Batch([[1, 2], [1, 2]], [4, 4], tokens: 3);
        Lattice lattice = new CtcTopology().Build(batch).Numerator;
        (Tensor arcs, Tensor starts, Tensor ends) = (lattice.Arcs.Scores, lattice.Initial, lattice.Final);
        if (which == "arcs") arcs[1, 0, 2] = torch.tensor(double.NaN);
        if (which == "starts") starts[0, 1] = torch.tensor(double.NaN);
        if (which == "ends") ends[0, 4] = torch.tensor(double.NaN);
        lattice = lattice.WithArcs(lattice.Arcs.WithScores(arcs)).WithInitial(starts).WithFinal(ends);

        ViterbiAlignment best = Viterbi.Align(lattice, torch.zeros([4, 2, 3], torch.float64), batch.Frames, kind);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(best.Score[0].ToDouble(), Is.NaN);
            Assert.That(best.States[.., 0].data<long>().ToArray(), Is.All.EqualTo(-1));
            Assert.That(best.States[.., 1].data<long>().ToArray(), Is.All.GreaterThanOrEqualTo(0));
        }
    }

    [TestCase(0, 2)] // no path has the second token in the first frame
    [TestCase(3, 1)] // nor the first in the last
    public void A_score_that_no_path_can_read_reaches_nothing(int frame, int token)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var batch = new Batch([[1, 2], []], [4, 4], tokens: 3);
        Tensor scores = torch.randn([4, 2, 3], torch.float64, generator: new torch.Generator(1)), dirty = scores.clone();
        dirty[frame, .., token] = torch.tensor(double.NaN);
        Lattice lattice = new CtcTopology().Build(batch).Numerator;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                Recursion.LogLikelihood(lattice, dirty, batch.Frames, kind).data<double>().ToArray(),
                Is.EqualTo(Recursion.LogLikelihood(lattice, scores, batch.Frames, kind).data<double>().ToArray()));
            Assert.That(
                Viterbi.Align(lattice, dirty, batch.Frames, kind).States.data<long>().ToArray(),
                Is.EqualTo(Viterbi.Align(lattice, scores, batch.Frames, kind).States.data<long>().ToArray()));
            Assert.That(
                PathSampling.Draw(lattice, dirty, batch.Frames, 3, seed: 1).States.data<long>().ToArray(),
                Is.EqualTo(PathSampling.Draw(lattice, scores, batch.Frames, 3, seed: 1).States.data<long>().ToArray()));
        }
    }

    [Test]
    public void The_recursions_agree_wherever_the_broken_scores_are([Range(0, 39)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase random = RandomCase.Draw(seed);
        Tensor scores = random.Logits.to(torch.float64).clone();
        Tensor broken = torch.rand(scores.shape, generator: new torch.Generator((ulong)seed)) < 0.05;
        scores = scores.masked_fill(broken, seed % 2 == 0 ? double.NaN : double.PositiveInfinity);
        Lattice lattice = new CtcTopology().Build(random.Batch).Numerator;

        ViterbiAlignment best = Viterbi.Align(lattice, scores, random.Batch.Frames, kind);
        ViterbiAlignment other = Viterbi.Align(lattice, scores, random.Batch.Frames, RecursionKind.Differentiable);
        double[] likelihood = Recursion.LogLikelihood(lattice, scores, random.Batch.Frames, kind).data<double>().ToArray();
        double[] score = best.Score.data<double>().ToArray();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(score, Is.EqualTo(other.Score.data<double>().ToArray()));
            Assert.That(best.States.data<long>().ToArray(), Is.EqualTo(other.States.data<long>().ToArray()));
            Assert.That(likelihood.Select(double.IsNaN), Is.EqualTo(score.Select(double.IsNaN)), "ln Z and the best path");
        }
    }

    [Test]
    public void The_states_of_a_larger_graph_in_the_batch_read_nothing_for_a_smaller_one()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Graph one = new([1], [new GraphArc(0, 0)], [new ScoredState(0)], [new ScoredState(0)]);
        Graph two = new([1, 2], [new GraphArc(0, 1)], [new ScoredState(0)], [new ScoredState(1)]);
        Tensor scores = torch.zeros([2, 2, 3], torch.float64);
        scores[.., 0, 0] = torch.tensor(double.NaN); // the token of padding states
        Tensor likelihood = Recursion.LogLikelihood(Lattice.FromGraphs([one, two]), scores, [2, 2], RecursionKind.Auto);
        Assert.That(likelihood.data<double>().ToArray(), Is.EqualTo(new[] { 0.0, 0 }));
    }
}
