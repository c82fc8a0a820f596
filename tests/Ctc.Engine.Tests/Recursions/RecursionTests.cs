using Ctc.Engine.Paths;
using Ctc.Engine.Recursions;
using Ctc.Engine.Topologies;
using Ctc.Testing.Oracles;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Recursions;

[NoTensorLeaks]
[TestFixture(RecursionKind.Auto)]
[TestFixture(RecursionKind.Differentiable)]
public class RecursionTests(RecursionKind kind)
{
    private static readonly CtcTopology Topology = new();

    [Test]
    public void Two_even_frames_say_one_token_on_three_of_four_paths()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var batch = new Batch([[1]], [2], tokens: 2);
        Tensor scores = torch.full([2, 1, 2], Math.Log(0.5), torch.float64);

        Assert.That(Recursion.LogLikelihood(Build(batch), scores, batch.Frames, kind).item<double>(), Is.EqualTo(Math.Log(0.75)).Within(1e-15));
        Assert.That(Recursion.Occupancy(Build(batch), scores, batch.Frames, kind)[0, 0, 1].item<double>(), Is.EqualTo(2.0 / 3).Within(1e-15));
    }

    [TestCase(10, new long[] { 1, 2, 3 }, 0)]
    [TestCase(9, new long[] { 1, 1, 2, 2 }, 2)]
    [TestCase(4, new long[] { }, 0)]
    [TestCase(300, new long[] { 1, 2, 1, 3, 3 }, 1)]
    public void Uniform_frames_give_a_binomial_coefficient(int frames, long[] target, int repeats)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        const int Tokens = 5;
        var batch = new Batch([target], [frames], Tokens);
        Tensor scores = torch.full([frames, 1, Tokens], -Math.Log(Tokens), torch.float64);
        double expected = LogBinomial(frames + target.Length - repeats, 2 * target.Length) - (frames * Math.Log(Tokens));

        Assert.That(
            Recursion.LogLikelihood(Build(batch), scores, batch.Frames, kind).item<double>(),
            Is.EqualTo(expected).Within(1e-11 * Math.Abs(expected)));
    }

    [Test]
    [Category("Slow")]
    public void Likelihood_gradient_occupancy_entropy_and_best_score_equal_the_enumeration_of_all_paths([Range(0, 399)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase random = RandomCase.Draw(seed);
        Batch batch = random.Batch;
        Lattice lattice = Build(batch);
        Tensor scores = random.Logits.requires_grad_();

        Tensor likelihood = Recursion.LogLikelihood(lattice, scores, batch.Frames, kind);
        torch.where(likelihood.isneginf(), torch.zeros_like(likelihood), likelihood).sum().backward();
        Tensor occupancy = Recursion.Occupancy(lattice, scores.detach(), batch.Frames, kind);
        Tensor entropy = Recursion.Entropy(lattice, scores.detach(), batch.Frames, kind);
        using ViterbiAlignment best = Viterbi.Align(lattice, scores.detach(), batch.Frames, kind);

        for (int b = 0; b < batch.Size; b++)
        {
            PathSum expected = PathEnumeration.Ctc(RandomCase.Rows(random.Logits, b, batch.Frames[b]), batch.Targets[b], batch.Blank!.Value);
            using (Assert.EnterMultipleScope())
            {
                Assert.That(likelihood[b].item<double>(), Is.EqualTo(expected.LogLikelihood).Within(1e-10));
                Assert.That(RandomCase.Rows(scores.grad!, b, batch.Frames[b]), Is.EqualTo(expected.Occupancy).Within(1e-10));
                Assert.That(RandomCase.Rows(occupancy, b, batch.Frames[b]), Is.EqualTo(expected.Occupancy).Within(1e-10));
                Assert.That(entropy[b].item<double>(), Is.EqualTo(expected.Entropy).Within(1e-10));
                Assert.That(best.Score[b].item<double>(), Is.EqualTo(expected.BestScore).Within(1e-10));
                AssertSpells(best, batch, b, random.Logits, expected.BestScore);
            }
        }
    }

    [Test]
    public void The_same_lattice_as_banded_and_as_indexed_arcs_gives_the_same_numbers([Range(0, 19)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase random = RandomCase.Draw(seed);
        Lattice banded = Build(random.Batch);
        Lattice indexed = banded.WithArcs(LatticeCase.Indexed((BandedArcs)banded.Arcs, banded.Labels.shape[1]));
        IReadOnlyList<long> frames = random.Batch.Frames;
        using ViterbiAlignment one = Viterbi.Align(banded, random.Logits, frames, kind), other = Viterbi.Align(indexed, random.Logits, frames, kind);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                Recursion.LogLikelihood(indexed, random.Logits, frames, kind).data<double>().ToArray(),
                Is.EqualTo(Recursion.LogLikelihood(banded, random.Logits, frames, kind).data<double>().ToArray()).Within(1e-13));
            Assert.That(
                Distance.Between(Recursion.Occupancy(indexed, random.Logits, frames, kind), Recursion.Occupancy(banded, random.Logits, frames, kind)),
                Is.LessThan(1e-14));
            Assert.That(other.States.equal(one.States).all().item<bool>());
        }
    }

    [Test]
    public void Arc_scores_that_depend_on_time_are_read_by_the_frame_that_is_entered()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var batch = new Batch([[1]], [3], tokens: 2);
        Lattice plain = Build(batch);
        // Entering the token in frame 2 costs 5, in frame 1 nothing; frame 0 is not read.
        Tensor scores = torch.stack([plain.Arcs.Scores, plain.Arcs.Scores, plain.Arcs.Scores]).clone();
        scores[2, 1, 0, 1] = torch.tensor(-5.0);
        Lattice timed = plain.WithArcs(plain.Arcs.WithScores(scores));

        // Six paths say "1" in three frames of two even tokens; one of them (blank blank 1) pays.
        double expected = Math.Log((5 + Math.Exp(-5)) / 8);
        Assert.That(
            Recursion.LogLikelihood(timed, torch.full([3, 1, 2], Math.Log(0.5), torch.float64), batch.Frames, kind).item<double>(),
            Is.EqualTo(expected).Within(1e-14));
    }

    [Test]
    public void Arc_scores_that_depend_on_time_may_end_with_the_longest_utterance()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var batch = new Batch([[1], [2, 1]], [2, 3], tokens: 3);
        Lattice plain = Build(batch);
        Lattice timed =
            plain.WithArcs(plain.Arcs.WithScores(plain.Arcs.Scores + torch.rand([3, 1, 1, 1], torch.float64, generator: new torch.Generator(2))));
        Tensor scores = torch.randn([5, 2, 3], torch.float64, generator: new torch.Generator(3)), cut = scores.narrow(0, 0, 3);
        using ViterbiAlignment padded = Viterbi.Align(timed, scores, batch.Frames, kind), whole = Viterbi.Align(timed, cut, batch.Frames, kind);

        Tensor likelihood = Recursion.LogLikelihood(timed, cut, batch.Frames, kind), occupancy = Recursion.Occupancy(timed, cut, batch.Frames, kind);
        Assert.That(Recursion.LogLikelihood(timed, scores, batch.Frames, kind).equal(likelihood).all().item<bool>());
        Assert.That(Recursion.Occupancy(timed, scores, batch.Frames, kind).narrow(0, 0, 3).equal(occupancy).all().item<bool>());
        Assert.That(Recursion.Entropy(timed, scores, batch.Frames, kind).equal(Recursion.Entropy(timed, cut, batch.Frames, kind)).all().item<bool>());
        Assert.That(padded.States.narrow(0, 0, 3).equal(whole.States).all().item<bool>());
    }

    [Test]
    public void The_entropy_of_uniform_frames_is_the_logarithm_of_the_number_of_paths()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var batch = new Batch([[1, 2, 3]], [10], tokens: 5);
        Tensor entropy = Recursion.Entropy(Build(batch), torch.zeros([10, 1, 5], torch.float64), batch.Frames, kind);
        Assert.That(entropy.item<double>(), Is.EqualTo(LogBinomial(13, 6)).Within(1e-12));
    }

    private static Lattice Build(Batch batch) => Topology.Build(batch).Numerator;

    private static void AssertSpells(ViterbiAlignment best, Batch batch, int b, Tensor scores, double score)
    {
        long[] path = [.. Enumerable.Range(0, (int)scores.shape[0]).Select(t => best.Tokens[t, b].item<long>())];
        int spoken = double.IsNegativeInfinity(score) ? 0 : (int)batch.Frames[b];
        Assert.That(path[spoken..], Is.All.EqualTo(-1), "padding of the path");
        if (double.IsNegativeInfinity(score)) return;

        double sum = 0;
        for (int t = 0; t < spoken; t++) sum += scores[t, b, path[t]].item<double>();
        Assert.That(sum, Is.EqualTo(score).Within(1e-10), "the score of the path");
        Assert.That(Ctc.Engine.Decoding.BestPath.Collapse(path.AsSpan(0, spoken), batch.Blank!.Value), Is.EqualTo(batch.Targets[b]));
    }

    private static double LogBinomial(int n, int k) => Enumerable.Range(1, k).Sum(i => Math.Log(n - k + i) - Math.Log(i));
}
