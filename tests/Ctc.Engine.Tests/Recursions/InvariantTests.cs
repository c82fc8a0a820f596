using Ctc.Engine.Paths;
using Ctc.Engine.Recursions;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Recursions;

/// <summary>What must hold under every topology, whatever the numbers.</summary>
[NoTensorLeaks]
[TestFixture(RecursionKind.Auto)]
[TestFixture(RecursionKind.Differentiable)]
public class InvariantTests(RecursionKind kind)
{
    private static readonly string[] Topologies = LatticeCase.Topologies;

    [Test]
    public void The_occupancy_sums_to_one_in_each_frame_that_is_explained([ValueSource(nameof(Topologies))] string topology, [Range(0, 19)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Batch batch, Tensor scores) = LatticeCase.Batch(seed, exact: false);
        Lattice lattice = Build(topology, batch);
        Tensor explained = Recursion.LogLikelihood(lattice, scores, batch.Frames, kind).isneginf().logical_not();
        Tensor valid = torch.arange(scores.shape[0]).unsqueeze(1) < torch.tensor(batch.Frames.ToArray());
        Tensor expected = valid.logical_and(explained).to(torch.float64);
        Assert.That(Distance.Between(Recursion.Occupancy(lattice, scores, batch.Frames, kind).sum([2]), expected), Is.LessThan(1e-14));
    }

    [Test]
    [Category("Slow")]
    public void A_batch_is_its_utterances_one_by_one([ValueSource(nameof(Topologies))] string topology, [Range(0, 39)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Batch batch, Tensor scores) = LatticeCase.Batch(seed, exact: true);
        Tensor likelihood = Recursion.LogLikelihood(Build(topology, batch), scores, batch.Frames, kind);
        using ViterbiAlignment together = Viterbi.Align(Build(topology, batch), scores, batch.Frames, kind);
        for (int b = 0; b < batch.Size; b++)
        {
            var single = new Batch([batch.Targets[b]], [batch.Frames[b]], batch.Tokens, batch.Blank, graphs: [batch.Graphs[b]]);
            Tensor own = scores.narrow(1, b, 1).narrow(0, 0, batch.Frames[b]);
            using ViterbiAlignment alone = Viterbi.Align(Build(topology, single), own, single.Frames, kind);
            Assert.That(
                Recursion.LogLikelihood(Build(topology, single), own, single.Frames, kind).item<double>(),
                Is.EqualTo(likelihood[b].item<double>()).Within(1e-13));
            Assert.That(alone.States.equal(together.States.narrow(1, b, 1).narrow(0, 0, batch.Frames[b])).all().item<bool>());
        }
    }

    [Test]
    public void The_order_of_a_batch_does_not_matter([ValueSource(nameof(Topologies))] string topology, [Range(0, 9)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Batch batch, Tensor scores) = LatticeCase.Batch(seed, exact: false);
        var turned = new Batch(
            [.. batch.Targets.Reverse()],
            [.. batch.Frames.Reverse()],
            batch.Tokens,
            batch.Blank,
            graphs: [.. batch.Graphs.Reverse()]);
        AssertSame(Gradient(topology, batch, scores).flip(1), Gradient(topology, turned, scores.flip(1)));
    }

    [Test]
    public void The_names_of_tokens_do_not_matter([ValueSource(nameof(Topologies))] string topology, [Range(0, 9)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Batch batch, Tensor scores) = LatticeCase.Batch(seed, exact: false);
        long last = batch.Tokens - 1;
        Graph? Renamed(Graph? graph) => graph is null ? null : new Graph(
            [.. graph.Labels.Select(label => last - label)],
            graph.Arcs,
            graph.Initial,
            graph.Final,
            graph.Empty);
        long[][] targets = [.. batch.Targets.Select(target => target.Select(token => last - token).ToArray())];
        var renamed = new Batch(targets, batch.Frames, batch.Tokens, last - batch.Blank, graphs: [.. batch.Graphs.Select(Renamed)]);
        AssertSame(Gradient(topology, batch, scores).flip(2), Gradient(topology, renamed, scores.flip(2)));
    }

    [Test]
    public void Padding_changes_nothing([ValueSource(nameof(Topologies))] string topology, [Range(0, 9)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Batch batch, Tensor scores) = LatticeCase.Batch(seed, exact: false); // NaN in padding
        Tensor clean = torch.where(scores.isnan(), torch.zeros_like(scores), scores);
        Assert.That(Gradient(topology, batch, scores).equal(Gradient(topology, batch, clean)).all().item<bool>());
    }

    [Test]
    public void A_loss_times_a_constant_has_the_gradient_times_the_constant([ValueSource(nameof(Topologies))] string topology, [Range(0, 9)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Batch batch, Tensor scores) = LatticeCase.Batch(seed, exact: false);
        AssertSame(Gradient(topology, batch, scores) * 0.3, Gradient(topology, batch, scores, factor: 0.3));
    }

    [Test]
    public void Two_threads_give_the_numbers_of_one([ValueSource(nameof(Topologies))] string topology)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        const int Frames = 30, Utterances = 64, Tokens = 30;
        long[][] targets = [.. Enumerable.Range(0, Utterances).Select(b => new long[] { 1 + (b % 29), 2, 2, 7 })];
        var batch = new Batch(targets, [.. Enumerable.Repeat((long)Frames, Utterances)], Tokens);
        Tensor scores = torch.randn([Frames, Utterances, Tokens], torch.float64, generator: new torch.Generator(9));
        Tensor one = Gradient(topology, batch, scores);
        try
        {
            torch.set_num_threads(2);
            AssertSame(Gradient(topology, batch, scores), one);
        }
        finally
        {
            torch.set_num_threads(1);
        }
    }

    // Under these two no path spells two targets, so over all targets that fit the probabilities sum to 1.
    [TestCase("ctc")]
    [TestCase("selfless")]
    public void All_targets_together_have_probability_one(string topology)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        const int Frames = 4, Tokens = 3;
        IEnumerable<long[]> all = [[]], longest = [[]];
        for (int u = 0; u < Frames; u++)
        {
            longest = [.. longest.SelectMany(_ => new long[] { 0, 1 }, (head, token) => (long[])[.. head, token])];
            all = [.. all, .. longest];
        }

        var batch = new Batch([.. all], [.. all.Select(_ => (long)Frames)], Tokens, blank: 2);
        Tensor one = torch.randn([Frames, 1, Tokens], torch.float64, generator: new torch.Generator(7)).log_softmax(2);
        Tensor likelihood = Recursion.LogLikelihood(Build(topology, batch), one.expand(-1, batch.Size, -1), batch.Frames, kind);
        Assert.That(likelihood.exp().sum().item<double>(), Is.EqualTo(1).Within(1e-14));
    }

    [TestCase("ctc")]
    [TestCase("modified")]
    [TestCase("no-blank")]
    [TestCase("selfless")]
    public void Reversing_time_and_target_changes_nothing(string topology)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor scores = torch.randn([12, 1, 5], torch.float64, generator: new torch.Generator(8));
        double Likelihood(long[] target, Tensor frames)
        {
            var batch = new Batch([target], [12], tokens: 5);
            return Recursion.LogLikelihood(Build(topology, batch), frames, batch.Frames, kind).item<double>();
        }

        Assert.That(Likelihood([4, 2, 2, 1], scores.flip(0)), Is.EqualTo(Likelihood([1, 2, 2, 4], scores)).Within(1e-12));
    }

    private static Lattice Build(string topology, Batch batch) => LatticeCase.Topology(topology).Build(batch).Numerator;

    private Tensor Gradient(string topology, Batch batch, Tensor scores, double factor = 1)
    {
        Tensor leaf = scores.detach().clone().requires_grad_();
        Tensor likelihood = Recursion.LogLikelihood(Build(topology, batch), leaf, batch.Frames, kind);
        (torch.where(likelihood.isneginf(), torch.zeros_like(likelihood), likelihood).sum() * factor).backward();
        return leaf.grad!;
    }

    private static void AssertSame(Tensor a, Tensor b) => Assert.That(Distance.Between(a, b), Is.LessThan(1e-14));
}
