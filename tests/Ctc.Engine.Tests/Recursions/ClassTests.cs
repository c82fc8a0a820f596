using Ctc.Engine.Objectives;
using Ctc.Engine.Paths;
using Ctc.Engine.Recursions;
using Ctc.Testing.Oracles;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Recursions;

/// <summary>Labels that read classes of tokens: sums that nothing cancels in, tokens of paths, stars against the list of all outputs.</summary>
[NoTensorLeaks]
[TestFixture(RecursionKind.Fused)]
[TestFixture(RecursionKind.Differentiable)]
public class ClassTests(RecursionKind kind)
{
    private const double Out = double.NegativeInfinity;

    [Test]
    [Category("Slow")]
    public void A_star_lattice_counts_each_output_that_contains_the_target_once([Range(0, 39)] int seed, [Values(0.0, -0.7)] double weight)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Batch batch, Tensor scores) = LatticeCase.Batch(seed, exact: false);
        Lattice lattice = new StarTopology(weight).Build(batch).Numerator;
        Tensor leaf = scores.clone().requires_grad_();
        Tensor likelihood = Recursion.LogLikelihood(lattice, leaf, batch.Frames, kind);
        torch.where(likelihood.isneginf(), torch.zeros_like(likelihood), likelihood).sum().backward();
        Tensor occupancy = Recursion.Occupancy(lattice, scores, batch.Frames, kind);
        for (int b = 0; b < batch.Size; b++)
        {
            (long[] target, int frames) = (batch.Targets[b], (int)batch.Frames[b]);
            if (frames == 0) continue;
            double Absorbed(long[] output) => weight * (output.Count(token => token != batch.Blank) - target.Length);
            PathSum expected = PathEnumeration.Sum(RandomCase.Rows(scores, b, frames), output => Contains(output, target), Absorbed);
            Tensor shares = torch.tensor([.. expected.Occupancy.Cast<double>()], [frames, batch.Tokens]);
            using (Assert.EnterMultipleScope())
            {
                Assert.That(likelihood[b].ToDouble(), Is.EqualTo(expected.LogLikelihood).Within(1e-11));
                Assert.That(Distance.Between(occupancy.narrow(0, 0, frames).select(1, b), shares), Is.LessThan(1e-11));
                Assert.That(Distance.Between(leaf.grad!.narrow(0, 0, frames).select(1, b), shares), Is.LessThan(1e-11));
            }
        }
    }

    // The class leaves out the one token that is certain: the log-sum over all tokens says nothing of the others.
    [Test]
    public void Nothing_cancels_beside_a_certain_token([Values] bool inFloat32, [Values(40.0, 600.0, 3000.0)] double below, [Values] bool logits)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        const int Tokens = 40;
        Tensor scores = torch.full([3, 1, Tokens], -below, torch.float64);
        scores[.., .., 7] = torch.tensor(0.0);
        Tensor leaf = scores.to(inFloat32 ? torch.float32 : torch.float64).requires_grad_();
        Lattice star = OneState(Tokens, rest: 0, [7], [Out]);
        Tensor found = logits
            ? Recursion.LogLikelihoodFromLogits(star, leaf, [3], kind)
            : Recursion.LogLikelihood(star, leaf, [3], kind);
        found.sum().backward();
        double expected = 3 * (Math.Log(Tokens - 1) - below);
        Tensor shares = torch.full([3, 1, Tokens], 1.0 / (Tokens - 1), torch.float64);
        shares[.., .., 7] = torch.tensor(logits ? -1.0 : 0);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(found.ToDouble(), Is.EqualTo(expected).Within((inFloat32 ? 1e-6 : 1e-14) * Math.Abs(expected)));
            Assert.That(Distance.Between(leaf.grad!.to(torch.float64), shares), Is.LessThan(inFloat32 ? 1e-6 : 1e-14));
        }
    }

    [Test]
    public void A_class_of_nothing_has_no_path_and_no_gradient()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor leaf = torch.zeros([2, 1, 4], torch.float64).requires_grad_();
        Tensor likelihood = Recursion.LogLikelihood(OneState(4, Out, [2, -1], [Out, 0]), leaf, [2], kind);
        likelihood.sum().backward();
        Assert.That(likelihood.ToDouble(), Is.EqualTo(Out));
        Assert.That(leaf.grad!.abs().sum().ToDouble(), Is.Zero);
    }

    [Test]
    public void A_token_that_a_class_leaves_out_may_be_NaN([Values(double.NaN, double.PositiveInfinity)] double broken)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor scores = torch.zeros([2, 1, 4], torch.float64);
        scores[0, 0, 2] = torch.tensor(broken);
        Tensor Gradient(Lattice lattice, out double value)
        {
            Tensor leaf = scores.clone().requires_grad_();
            Tensor likelihood = Recursion.LogLikelihood(lattice, leaf, [2], kind);
            likelihood.sum().backward();
            value = likelihood.ToDouble();
            return leaf.grad!;
        }

        Tensor gradient = Gradient(OneState(4, 0, [2], [Out]), out double without);
        Gradient(OneState(4, 0, [1], [Out]), out double with);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(without, Is.EqualTo(2 * Math.Log(3)).Within(1e-14));
            Assert.That(gradient.isfinite().all().item<bool>() && gradient[0, 0, 2].ToDouble() == 0);
            Assert.That(with, Is.NaN);
        }
    }

    [TestCase(new[] { 0.0, 0.5, 0.5, 0.25 }, 0.0, 3L, 0.25, 1)] // tokens 1, 2 and 3 tie: the lowest
    [TestCase(new[] { 0.0, 0.5, 0.5, 0.25 }, 0.0, 1L, Out, 2)]
    [TestCase(new[] { 0.0, 0.5, 0.5, 0.25 }, Out, 3L, 0.0, 3)]
    public void The_token_of_a_class_is_its_best_the_lowest_among_equals(double[] row, double rest, long listed, double weight, long token)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using ViterbiAlignment best = Viterbi.Align(OneState(4, rest, [listed], [weight]), torch.tensor(row, [1, 1, 4]), [1], kind);
        double[] weights = [.. row.Select((_, v) => v == listed ? weight : rest)];
        Assert.That(best.Tokens.item<long>(), Is.EqualTo(token));
        Assert.That(best.Score.ToDouble(), Is.EqualTo(Math.Log(row.Zip(weights, (y, w) => Math.Exp(y + w)).Sum())).Within(1e-14), "the log-sum");
    }

    [Test]
    public void The_token_of_a_class_is_drawn_with_its_share()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        const int Count = 20_000;
        double[] row = [0.3, -1, 0.8, 0, Out, -0.5], weights = [0, Out, -0.7, 0, 0, 0.4];
        Lattice star = OneState(6, 0, [1, 2, -1, 5], [Out, -0.7, 9, 0.4]);
        using PathSamples drawn = PathSampling.Draw(star, torch.tensor(row, [1, 1, 6]).repeat(3, 1, 1), [3], Count, seed: 1);
        double[] each = [.. row.Zip(weights, (y, w) => Math.Exp(y + w))];
        long[] found = drawn.Tokens.flatten().data<long>().ToArray();
        for (int v = 0; v < row.Length; v++)
        {
            double expected = 3 * Count * each[v] / each.Sum();
            Assert.That(found.Count(token => token == v), Is.EqualTo(expected).Within(5 * Math.Sqrt(expected)), $"token {v}");
        }
    }

    [Test]
    public void The_bits_are_those_of_an_utterance_alone_on_any_number_of_threads([Values] bool inFloat32)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor scores = torch.randn([30, 5, 50], inFloat32 ? torch.float32 : torch.float64, generator: new torch.Generator(1));
        var batch = new Batch(
            [.. Enumerable.Range(0, 5).Select(b => Enumerable.Range(1, 3 * b).Select(v => (long)v).ToArray())], [30, 28, 26, 30, 17], tokens: 50);
        (Tensor value, Tensor gradient) = Differentiate(batch, scores);
        try
        {
            foreach (int threads in new[] { 1, 2 })
            {
                torch.set_num_threads(threads);
                (Tensor again, Tensor gradientAgain) = Differentiate(batch, scores);
                Assert.That(again.equal(value).all().item<bool>() && gradientAgain.equal(gradient).all().item<bool>(), $"{threads} threads");
            }
        }
        finally
        {
            torch.set_num_threads(1);
        }

        for (int b = 0; b < batch.Size && kind == RecursionKind.Fused; b++)
        {
            var own = new Batch([batch.Targets[b]], [batch.Frames[b]], tokens: 50);
            (Tensor alone, Tensor gradientAlone) = Differentiate(own, scores.narrow(1, b, 1));
            Assert.That(alone.equal(value.narrow(0, b, 1)).all().item<bool>(), $"value of {b}");
            Assert.That(gradientAlone.equal(gradient.narrow(1, b, 1)).all().item<bool>(), $"gradient of {b}");
        }
    }

    [Test]
    [Category("Slow")]
    public void An_objective_over_classes_has_its_gradient_occupancy_and_path([Values(4, 300)] int tokens, [Range(0, 4)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var batch = new Batch([[1, 2], [3], []], [5, 3, 2], tokens);
        Tensor logits = torch.randn([5, 3, tokens], torch.float64, generator: new torch.Generator((ulong)seed));
        using var objective = new Objective(
            new ObjectiveParts { Topology = new StarTopology(-0.2) }, Reduction.Sum, recursion: kind);
        Tensor Loss(Tensor at) => objective.Evaluate(at, batch).Loss;
        BatchEvaluation inspected = objective.Inspect(logits, batch);
        (Tensor occupancy, Tensor path) = (inspected.Occupancy, inspected.ViterbiPath);
        Tensor gradient = FiniteDifferences.Autograd(Loss, logits), expected = inspected.LogProbs.exp() - occupancy;
        using (Assert.EnterMultipleScope())
        {
            if (tokens == 4) Assert.That(Distance.Between(gradient, FiniteDifferences.Gradient(Loss, logits)), Is.LessThan(1e-8));
            Assert.That(Distance.Between(gradient, expected.masked_fill(inspected.Mask.logical_not().unsqueeze(2), 0)), Is.LessThan(1e-12));
            Assert.That(Distance.Between(occupancy.sum(2), inspected.Mask.to(torch.float64)), Is.LessThan(1e-12));
            Assert.That(path.lt(tokens).all().item<bool>() && path.ge(0).equal(inspected.Mask).all().item<bool>());
            for (int b = 0; b < 3; b++)
            {
                Assert.That(Contains([.. path[.., b].data<long>()], batch.Targets[b]), "the best path contains the target");
            }
        }
    }

    [TestCase(9, new long[] { 0, 1 }, "A state of utterance 0 has label 9; expected a token in [0, 4), or one of 1 classes from there on.")]
    [TestCase(4, new long[] { 4, 1 }, "Class 0 of utterance 0 lists token 4; expected a token in [0, 4), or −1 for none.")]
    [TestCase(4, new long[] { 2, 2 }, "Class 0 of utterance 0 lists token 2 twice; expected each token at most once.")]
    public void Classes_that_do_not_fit_are_named(long label, long[] listed, string message)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Lattice lattice = OneState(4, 0, listed, [0, 0]).WithLabels(torch.tensor([label], [1, 1]));
        Tensor scores = torch.zeros([2, 1, 4], torch.float64);
        Action[] calls =
        [
            () => Recursion.LogLikelihood(lattice, scores, [2], kind), () => Viterbi.Align(lattice, scores, [2], kind),
            () => PathSampling.Draw(lattice, scores, [2], 1, seed: 1),
        ];
        foreach (Action call in calls) Assert.That(call, Throws.ArgumentException.With.Message.StartsWith(message));
    }

    // The only state, with a self-loop, reads class 0.
    private static Lattice OneState(int tokens, double rest, long[] listed, double[] weights)
    {
        Lattice lattice = Lattice.CreateBanded([[tokens]], [0], (_, _, _) => 0, (_, _) => 0, (_, _) => 0, _ => Out);
        return lattice.WithClasses(new TokenClasses(
            torch.tensor([rest], [1, 1]), torch.tensor(listed, [1, 1, listed.Length]), torch.tensor(weights, [1, 1, listed.Length])));
    }

    private (Tensor Value, Tensor Gradient) Differentiate(Batch batch, Tensor scores)
    {
        Tensor leaf = scores.detach().clone().requires_grad_();
        Tensor value = Recursion.LogLikelihoodFromLogits(new StarTopology(-0.3).Build(batch).Numerator, leaf, batch.Frames, kind);
        value.sum().backward();
        return (value.detach(), leaf.grad!);
    }

    private static bool Contains(long[] output, long[] target)
    {
        int next = 0;
        foreach (long token in output) if (next < target.Length && token == target[next]) next++;
        return next == target.Length;
    }
}
