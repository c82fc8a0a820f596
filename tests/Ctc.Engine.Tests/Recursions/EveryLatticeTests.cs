using Ctc.Engine.Paths;
using Ctc.Engine.Recursions;
using Ctc.Testing.Oracles;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Recursions;

/// <summary>The recursion over every kind of lattice, against the enumeration of all its paths.</summary>
[NoTensorLeaks]
[TestFixture(RecursionKind.Auto)]
[TestFixture(RecursionKind.Differentiable)]
public class EveryLatticeTests(RecursionKind kind)
{
    [Test]
    [Category("Slow")]
    public void Likelihood_gradients_expectations_and_entropy_are_those_of_the_list_of_all_paths([Range(0, 999)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        LatticeCase drawn = LatticeCase.Draw(seed);
        var expected = new EnumeratedBatch(drawn);
        Tensor[] leaves = [.. Inputs(drawn).Select(input => input.detach().clone().requires_grad_())];
        Tensor likelihood = Likelihood(drawn, leaves);
        Feasible(likelihood).sum().backward();
        Tensor[] slopes = [.. leaves.Select(leaf => leaf.grad ?? torch.zeros_like(leaf))]; // one frame takes no arc
        Tensor arcs = leaves[1].dim() == 4 ? expected.Arcs : expected.Arcs.sum([0]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(likelihood.data<double>().ToArray(), Is.EqualTo(expected.LogLikelihood.data<double>().ToArray()).Within(1e-11));
            Assert.That(Distance.Between(slopes[0], expected.Occupancy), Is.LessThan(1e-11), "gradient over scores");
            Assert.That(Distance.Between(slopes[1], arcs), Is.LessThan(1e-11), "gradient over arcs");
            Assert.That(Distance.Between(slopes[2], expected.States[0]), Is.LessThan(1e-11), "gradient over initial scores");
            Assert.That(Distance.Between(slopes[3], expected.LastStates), Is.LessThan(1e-11), "gradient over final scores");
            Assert.That(
                leaves.Length == 4 || Distance.Between(slopes[4], expected.OfRest) < 1e-11, "gradient over the weights of the rest of classes");
            Assert.That(
                leaves.Length == 4 || Distance.Between(slopes[5], expected.OfWeights) < 1e-11, "gradient over the weights of listed tokens");
            Assert.That(
                Distance.Between(Recursion.Occupancy(drawn.Lattice, drawn.Scores, drawn.Frames, kind), expected.Occupancy),
                Is.LessThan(1e-11),
                "occupancy");
            Assert.That(
                Distance.Between(Recursion.ArcExpectations(drawn.Lattice, drawn.Scores, drawn.Frames, kind), arcs),
                Is.LessThan(1e-11),
                "arc expectations");
            Assert.That(
                Distance.Between(Recursion.Entropy(drawn.Lattice, drawn.Scores, drawn.Frames, kind), expected.Entropy),
                Is.LessThan(1e-11),
                "entropy");
        }
    }

    [Test]
    [Category("Slow")]
    public void The_best_path_is_that_of_the_list_of_all_paths_ties_and_padding_included([Range(0, 999)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        LatticeCase drawn = LatticeCase.Draw(seed, exact: true);
        var expected = new EnumeratedBatch(drawn);
        using ViterbiAlignment best = Viterbi.Align(drawn.Lattice, drawn.Scores, drawn.Frames, kind);

        Assert.That(best.Score.data<double>().ToArray(), Is.EqualTo(expected.BestScore));
        Assert.That(
            best.States.transpose(0, 1).contiguous().data<long>().ToArray().Chunk((int)drawn.Scores.shape[0]),
            Is.EqualTo(expected.BestStates));
        Assert.That(
            best.Tokens.transpose(0, 1).contiguous().data<long>().ToArray().Chunk((int)drawn.Scores.shape[0]),
            Is.EqualTo(expected.BestTokens),
            "tokens");
    }

    [Test]
    [Category("Slow")]
    public void The_best_path_through_classes_is_that_of_the_list_of_all_paths([Range(0, 299)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        LatticeCase drawn = LatticeCase.Draw(seed);
        if (drawn.Lattice.Classes is null) return;
        var expected = new EnumeratedBatch(drawn);
        using ViterbiAlignment best = Viterbi.Align(drawn.Lattice, drawn.Scores, drawn.Frames, kind);
        long[][] Paths(Tensor found) => [.. found.transpose(0, 1).contiguous().data<long>().ToArray().Chunk((int)drawn.Scores.shape[0])];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(best.Score.data<double>().ToArray(), Is.EqualTo(expected.BestScore).Within(1e-12));
            Assert.That(Paths(best.States), Is.EqualTo(expected.BestStates));
            Assert.That(Paths(best.Tokens), Is.EqualTo(expected.BestTokens));
        }
    }

    // Of all scores at once: emissions, arcs, starts and ends.
    [Test]
    public void Second_derivatives_equal_differences_of_the_gradient([Range(0, 29)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        LatticeCase drawn = LatticeCase.Draw(seed);
        Tensor[] inputs = [.. Inputs(drawn with { Scores = drawn.Scores.nan_to_num(0, neginf: double.NegativeInfinity) })];
        Tensor point = torch.cat([.. inputs.Select(input => input.flatten())]);
        Tensor direction = Direction(point, seed);
        Tensor Total(Tensor flat) => Feasible(Likelihood(drawn, Cut(flat, inputs))).sum();

        Assert.That(Distance.Between(Product(Total, point, direction), Differences(Total, point, direction)), Is.LessThan(1e-8));
    }

    // Along four directions of all scores at once: an error in any element has a share in each.
    [Test]
    [Category("Slow")]
    public void Gradients_of_posterior_quantities_equal_differences([Range(0, 9)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        LatticeCase drawn = LatticeCase.Draw(seed);
        Tensor[] inputs = [.. Inputs(drawn with { Scores = drawn.Scores.nan_to_num(0, neginf: double.NegativeInfinity) })];
        Tensor point = torch.cat([.. inputs.Select(input => input.flatten())]);
        foreach ((string name, Func<Tensor, Tensor> total) in Quantities(drawn, inputs, kind))
        {
            Tensor gradient = FiniteDifferences.Autograd(total, point);
            for (int i = 0; i < 4; i++)
            {
                Tensor direction = Direction(point, (4 * seed) + i);
                Tensor difference = FiniteDifferences.Along(total, point, direction);
                Assert.That((gradient * direction).sum().item<double>(), Is.EqualTo(difference.item<double>()).Within(1e-7), name);
            }
        }
    }

    [Test]
    [Category("Slow")]
    public void Gradients_of_gradients_of_posterior_quantities_equal_differences([Range(0, 5)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        LatticeCase drawn = LatticeCase.Draw(seed);
        Tensor[] inputs = [.. Inputs(drawn with { Scores = drawn.Scores.nan_to_num(0, neginf: double.NegativeInfinity) })];
        Tensor point = torch.cat([.. inputs.Select(input => input.flatten())]);
        Tensor direction = Direction(point, seed);
        foreach ((string name, Func<Tensor, Tensor> total) in Quantities(drawn, inputs, kind))
        {
            Assert.That(Distance.Between(Product(total, point, direction), Differences(total, point, direction)), Is.LessThan(1e-7), name);
        }
    }

    [Test]
    [Category("Long"), Explicit("a minute")]
    public void Each_element_of_the_gradients_of_posterior_quantities_of_more_lattices_equals_a_difference([Range(10, 35)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        LatticeCase drawn = LatticeCase.Draw(seed);
        Tensor[] inputs = [.. Inputs(drawn with { Scores = drawn.Scores.nan_to_num(0, neginf: double.NegativeInfinity) })];
        Tensor point = torch.cat([.. inputs.Select(input => input.flatten())]);
        foreach ((string name, Func<Tensor, Tensor> total) in Quantities(drawn, inputs, kind))
        {
            Tensor differences = FiniteDifferences.Gradient(total, point);
            Assert.That(Distance.Between(FiniteDifferences.Autograd(total, point), differences), Is.LessThan(1e-7), name);
        }
    }

    [Test]
    public void Gradients_of_posterior_quantities_are_those_of_recorded_operations([Range(0, 11)] int seed)
    {
        if (kind == RecursionKind.Differentiable) return;
        using DisposeScope scope = torch.NewDisposeScope();
        LatticeCase drawn = LatticeCase.Draw(seed);
        Tensor[] inputs = [.. Inputs(drawn)];
        Tensor point = torch.cat([.. inputs.Select(input => input.flatten())]);
        var pairs = Quantities(drawn, inputs, kind).Zip(Quantities(drawn, inputs, RecursionKind.Differentiable));
        foreach (((string name, Func<Tensor, Tensor> total), (_, Func<Tensor, Tensor> recorded)) in pairs)
        {
            Tensor gradient = FiniteDifferences.Autograd(total, point), truth = FiniteDifferences.Autograd(recorded, point);
            Assert.That(Distance.Between(gradient, truth), Is.LessThan(1e-10), name);
        }
    }

    // Each as a sum with random factors, of all scores at once.
    private static IEnumerable<(string Name, Func<Tensor, Tensor> Total)> Quantities(LatticeCase drawn, Tensor[] inputs, RecursionKind kind)
    {
        (string Name, Func<LatticePosterior, Tensor> Of)[] quantities =
        [
            ("occupancy", posterior => posterior.Occupancy()),
            ("states", posterior => posterior.States()),
            ("arcs", posterior => posterior.ArcExpectations()),
            ("arcs by frame", posterior => posterior.ArcsByFrame()),
            ("entropy", posterior => posterior.Entropy()),
        ];
        return quantities.Select(quantity => (quantity.Name, (Func<Tensor, Tensor>)(flat =>
        {
            Tensor[] own = Cut(flat, inputs);
            Tensor value = quantity.Of(Recursion.Posterior(drawn.With(own[1..]), own[0], drawn.Frames, kind));
            // Some quantities of one frame are constants, and 0 times the scores is 0.
            Tensor nothing = torch.where(flat.isfinite(), flat, torch.zeros_like(flat)).sum() * 0.0;
            return (value * torch.randn(value.shape, torch.float64, generator: new torch.Generator(7))).sum() + nothing;
        })));
    }

    private static Tensor Direction(Tensor point, int seed) =>
        torch.randn(point.shape, torch.float64, generator: new torch.Generator((ulong)seed));

    // The Hessian's product with a direction, by two backward passes; 0 where the gradient is constant.
    private static Tensor Product(Func<Tensor, Tensor> total, Tensor point, Tensor direction)
    {
        Tensor leaf = point.clone().requires_grad_();
        torch.autograd.backward([total(leaf)], create_graph: true, inputs: [leaf]);
        Tensor slope = (leaf.grad! * direction).sum();
        leaf.grad = null;
        if (slope.requires_grad) slope.backward();
        return leaf.grad ?? torch.zeros_like(point);
    }

    private static Tensor Differences(Func<Tensor, Tensor> total, Tensor point, Tensor direction) =>
        FiniteDifferences.Along(at => FiniteDifferences.Autograd(total, at), point, direction);

    private static IEnumerable<Tensor> Inputs(LatticeCase drawn) =>
    [
        drawn.Scores, drawn.Lattice.Arcs.Scores, drawn.Lattice.Initial, drawn.Lattice.Final,
        .. drawn.Lattice.Classes is { } classes ? new[] { classes.Rest, classes.Weights } : [],
    ];

    private Tensor Likelihood(LatticeCase drawn, Tensor[] inputs) =>
        Recursion.LogLikelihood(drawn.With(inputs[1..]), inputs[0], drawn.Frames, kind);

    private static Tensor[] Cut(Tensor flat, Tensor[] like) =>
        [.. flat.split([.. like.Select(input => input.numel())]).Zip(like, (piece, input) => piece.view(input.shape))];

    private static Tensor Feasible(Tensor likelihood) => torch.where(likelihood.isneginf(), torch.zeros_like(likelihood), likelihood);
}
