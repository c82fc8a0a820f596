using System.Globalization;
using Ctc.Engine.Objectives;
using Ctc.Engine.Recursions;
using Ctc.Engine.Topologies;
using Ctc.Testing.Oracles;
using Ctc.Tests;

namespace Ctc.Plugins.Tests;

[NoTensorLeaks]
public class StarTests
{
    // Blank 0, tokens 1 and 2, two uniform frames, target "1". The paths 1-, -1, 11 (the first 1 is the target's), 12 and 21: of the latter three
    // each has one token more.
    [TestCase(0.25)]
    [TestCase(1)]
    public void Further_tokens_cost_the_penalty_each(double penalty)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using Objective star = new(Parts(penalty));
        double loss = star.Evaluate(torch.zeros([2, 1, 3], torch.float64), new Batch([[1]], [2], tokens: 3)).Loss.ToDouble();
        Assert.That(loss, Is.EqualTo(-Math.Log((2 + (3 * penalty)) / 9)).Within(1e-14));
    }

    // The definition, on the list of all V^T paths: whether the target is a subsequence of what a path spells. Each path counts once.
    [Test]
    public void The_likelihood_is_that_of_all_paths_that_contain_the_target(
        [Range(0, 49)] int seed, [Values(0, 0.3, 1)] double penalty, [Values(RecursionKind.Auto, RecursionKind.Differentiable)] RecursionKind kind)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase random = RandomCase.Draw(seed, longest: 5);
        Lattice lattice = Part(penalty).Build(random.Batch).Numerator;
        Tensor normalised = random.Logits.log_softmax(2);
        Tensor likelihood = Recursion.LogLikelihood(lattice, normalised, random.Batch.Frames, kind);
        Tensor occupancy = Recursion.Occupancy(lattice, normalised, random.Batch.Frames, kind);
        for (int b = 0; b < random.Batch.Size; b++)
        {
            long[] target = random.Batch.Targets[b];
            int Further(long[] path) => path.Count(token => token != random.Batch.Blank) - target.Length;
            PathSum paths = PathEnumeration.Sum(
                RandomCase.Rows(normalised, b, random.Batch.Frames[b]),
                path => Contains(path, target) && (penalty > 0 || Further(path) == 0),
                path => penalty > 0 ? Further(path) * Math.Log(penalty) : 0);
            using (Assert.EnterMultipleScope())
            {
                Assert.That(likelihood[b].ToDouble(), Is.EqualTo(paths.LogLikelihood).Within(1e-9));
                Assert.That(RandomCase.Rows(occupancy, b, random.Batch.Frames[b]), Is.EqualTo(paths.Occupancy).Within(1e-9));
            }
        }
    }

    [Test]
    public void Without_further_tokens_it_is_selfless([Range(0, 19)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase random = RandomCase.Draw(seed);
        Tensor Loss(ITopology topology) =>
            new Objective(new ObjectiveParts { Topology = topology }, Reduction.None, InfeasiblePolicy.Zero)
            .Evaluate(random.Logits, random.Batch).Loss;
        Assert.That(Distance.Between(Loss(Part(0)), Loss(new SelflessTopology())), Is.LessThan(1e-12));
    }

    // An empty target, which says nothing, costs nothing: with λ = 1 every path is allowed.
    [Test]
    public void Without_a_target_and_without_a_penalty_everything_is_allowed()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using Objective star = new(Parts(1));
        Tensor logits = torch.randn([5, 1, 4], torch.float64, generator: new torch.Generator(1));
        Assert.That(star.Evaluate(logits, new Batch([[]], [5], tokens: 4)).Loss.ToDouble(), Is.Zero.Within(1e-12));
    }

    [Test]
    public void Equal_neighbours_on_a_path_are_two_tokens() => Assert.That(
        Part(0.5).Spell([0, 1, 1, 0, 2, 1, 1, 1], new Vocabulary(3)), Is.EqualTo(new long[] { 1, 1, 2, 1, 1, 1 }));

    [Test]
    [Category("Slow")]
    public void Gradients_equal_finite_differences([Range(0, 19)] int seed, [Values(0.1, 1)] double penalty)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Gradients.AssertTrue(Parts(penalty), RandomCase.Draw(seed));
    }

    private static bool Contains(ReadOnlySpan<long> path, ReadOnlySpan<long> target)
    {
        int read = 0;
        foreach (long token in path)
        {
            if (read < target.Length && token == target[read]) read++;
        }

        return read == target.Length;
    }

    private static ObjectiveParts Parts(double penalty) => new() { Topology = Part(penalty) };

    private static ITopology Part(double penalty) =>
        DiscoveredPart.Create<ITopology>("star", string.Create(CultureInfo.InvariantCulture, $"penalty: {penalty}"));
}
