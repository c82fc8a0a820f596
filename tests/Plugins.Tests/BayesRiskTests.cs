using System.Globalization;
using Ctc.Engine.Decoding;
using Ctc.Engine.Objectives;
using Ctc.Engine.Topologies;
using Ctc.Testing.Oracles;
using Ctc.Tests;

namespace Ctc.Plugins.Tests;

[NoTensorLeaks]
public class BayesRiskTests
{
    // Two uniform frames, target "1": the path 1- ends its token in frame 0, the paths 11 and -1 end it in frame 1.
    [TestCase(0.7)]
    [TestCase(-3)]
    public void A_path_counts_by_the_frame_in_which_its_last_token_ends(double factor)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using Objective risky = new(End(factor));
        double loss = risky.Evaluate(torch.zeros([2, 1, 2], torch.float64), new Batch([[1]], [2], tokens: 2)).Loss.ToDouble();
        Assert.That(loss, Is.EqualTo(-Math.Log(((2 * Math.Exp(-factor)) + Math.Exp(-factor / 2)) / 4)).Within(1e-14));
    }

    [Test]
    [Category("Slow")]
    public void The_loss_is_that_of_the_list_of_all_paths([Range(0, 49)] int seed, [Values(2.5, -2.5)] double factor)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        foreach ((ITopology topology, Func<long[], long, IReadOnlyList<int>> ends) in Topologies)
        {
            RandomCase random = RandomCase.Draw(seed, longest: 5);
            var parts = new ObjectiveParts(End(factor)) { Topology = topology };
            Tensor loss = new Objective(parts, Reduction.None, InfeasiblePolicy.Zero).Evaluate(random.Logits, random.Batch).Loss;
            for (int b = 0; b < random.Batch.Size; b++)
            {
                PathSum paths = Enumerate(random, b, topology, path => ends(path, random.Batch.Blank!.Value) is [.., var last] ? Risk(last) : 0);
                double Risk(int frame) => -factor * (frame + 1) / random.Batch.Frames[b];
                double expected = double.IsNegativeInfinity(paths.LogLikelihood) ? 0 : -paths.LogLikelihood;
                Assert.That(loss[b].ToDouble(), Is.EqualTo(expected).Within(1e-9), $"{topology.GetType().Name}, utterance {b}");
            }
        }
    }

    // Two uniform frames, target "1": as above, because there is one token.
    [Test]
    public void The_mean_over_one_token_is_that_of_the_last()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using Objective last = new(End(2)), mean = new(Mean(2));
        var batch = new Batch([[1]], [2], tokens: 2);
        Tensor logits = torch.zeros([2, 1, 2], torch.float64);
        Assert.That(mean.Evaluate(logits, batch).Loss.ToDouble(), Is.EqualTo(last.Evaluate(logits, batch).Loss.ToDouble()).Within(1e-14));
    }

    [Test]
    [Category("Slow")]
    public void The_mean_is_over_the_tokens_of_the_target([Range(0, 49)] int seed, [Values(2.5, -2.5)] double factor)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        foreach ((ITopology topology, Func<long[], long, IReadOnlyList<int>> ends) in Topologies)
        {
            RandomCase random = RandomCase.Draw(seed, longest: 5);
            var parts = new ObjectiveParts(Mean(factor)) { Topology = topology };
            Tensor loss = new Objective(parts, Reduction.None, InfeasiblePolicy.Zero).Evaluate(random.Logits, random.Batch).Loss;
            for (int b = 0; b < random.Batch.Size; b++)
            {
                long[] target = random.Batch.Targets[b];
                double[] losses = [.. Enumerable.Range(0, Math.Max(target.Length, 1)).Select(u => -Enumerate(random, b, topology, path =>
                    ends(path, random.Batch.Blank!.Value).ElementAtOrDefault(u) is var frame && target.Length > 0
                        ? -factor * (frame + 1) / random.Batch.Frames[b] : 0).LogLikelihood)];
                double expected = double.IsInfinity(losses[0]) ? 0 : losses.Average();
                Assert.That(loss[b].ToDouble(), Is.EqualTo(expected).Within(1e-9), $"{topology.GetType().Name}, utterance {b}");
            }
        }
    }

    [Test]
    public void Scores_that_depend_on_time_already_are_kept([Range(0, 4)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase random = RandomCase.Draw(seed);
        Tensor Loss(params double[] factors) =>
            new Objective(new ObjectiveParts { Lattice = [.. factors.Select(Part)] }, Reduction.None, InfeasiblePolicy.Zero)
                .Evaluate(random.Logits, random.Batch).Loss;
        Assert.That(Distance.Between(Loss(0.25, 0.5), Loss(0.75)), Is.LessThan(1e-12));
    }

    [Test]
    [Category("Slow")]
    public void Gradients_equal_finite_differences([Range(0, 19)] int seed, [Values(0.1, 4, -4)] double factor)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Gradients.AssertTrue(End(factor), RandomCase.Draw(seed));
        Gradients.AssertTrue(Mean(factor), RandomCase.Draw(seed));
    }

    private static readonly (ITopology Topology, Func<long[], long, IReadOnlyList<int>> Ends)[] Topologies =
    [
        (new CtcTopology(), EndsOfRuns),
        (new Backwards(), EndsOfRuns),
        (new SelflessTopology(), (path, blank) => [.. Enumerable.Range(0, path.Length).Where(t => path[t] != blank)]),
    ];

    /// <summary>The lattices of CTC with their states in the opposite order, which does not say what comes behind the last token.</summary>
    private sealed class Backwards : ITopology
    {
        public Lattices Build(Batch batch)
        {
            Lattice lattice = new CtcTopology().Build(batch).Numerator;
            var arcs = (BandedArcs)lattice.Arcs;
            long states = lattice.Labels.shape[1];
            Tensor state = torch.arange(states);
            Tensor sources = torch.stack([.. arcs.Offsets.Select(offset => (state + offset).clamp(max: states - 1))]); // [K, S]
            var backwards = new IndexedArcs(sources.unsqueeze(1).repeat(1, batch.Size, 1), arcs.Scores.flip(2));
            return new Lattices(
                new Lattice(lattice.Labels.flip(1), backwards, lattice.Initial.flip(1), lattice.Final.flip(1), lattice.Empty)
                {
                    Positions = lattice.Positions!.flip(1),
                });
        }
    }

    // The last frame of each run of one token.
    private static IReadOnlyList<int> EndsOfRuns(long[] path, long blank) =>
        [.. Enumerable.Range(0, path.Length).Where(t => path[t] != blank && (t + 1 == path.Length || path[t + 1] != path[t]))];

    private static PathSum Enumerate(RandomCase random, int utterance, ITopology topology, Func<long[], double> risk)
    {
        using Tensor normalised = random.Logits.log_softmax(2);
        long blank = random.Batch.Blank!.Value;
        return PathEnumeration.Sum(
            RandomCase.Rows(normalised, utterance, random.Batch.Frames[utterance]),
            path => (topology is SelflessTopology ? [.. path.Where(token => token != blank)] : BestPath.Collapse(path, blank))
                .AsSpan().SequenceEqual(random.Batch.Targets[utterance]),
            risk);
    }

    private static ObjectiveParts End(double factor) => new() { Lattice = [Part(factor)] };

    private static ObjectiveParts Mean(double factor) => new()
    {
        Auxiliary = [DiscoveredPart.Create<IAuxiliaryTerm>("bayes-risk-mean", string.Create(CultureInfo.InvariantCulture, $"factor: {factor}"))],
    };

    private static ILatticeTransform Part(double factor) =>
        DiscoveredPart.Create<ILatticeTransform>("bayes-risk", string.Create(CultureInfo.InvariantCulture, $"factor: {factor}"));
}
