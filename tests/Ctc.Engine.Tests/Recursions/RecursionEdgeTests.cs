using Ctc.Engine.Recursions;
using Ctc.Engine.Topologies;
using Ctc.Testing.Oracles;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Recursions;

/// <summary>Where recursions usually break: padding, impossible targets and emissions, no frames, very long and very sure inputs.</summary>
[NoTensorLeaks]
[TestFixture(RecursionKind.Auto)]
[TestFixture(RecursionKind.Differentiable)]
public class RecursionEdgeTests(RecursionKind kind)
{
    [Test]
    public void Padding_may_hold_anything_and_gets_no_gradient([Values(double.NaN, double.PositiveInfinity, double.NegativeInfinity)] double garbage)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var batch = new Batch([[1, 2], [2]], [6, 3], tokens: 3);
        Tensor clean = torch.randn([6, 2, 3], torch.float64, generator: new torch.Generator(3));
        Tensor dirty = clean.clone();
        dirty.narrow(0, 3, 3).select(1, 1).fill_(garbage);
        Tensor Likelihood(Tensor scores) => Recursion.LogLikelihood(Build(batch), scores, batch.Frames, kind).sum();

        Tensor gradient = FiniteDifferences.Autograd(Likelihood, dirty);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Likelihood(dirty).item<double>(), Is.EqualTo(Likelihood(clean).item<double>()));
            Assert.That(gradient.equal(FiniteDifferences.Autograd(Likelihood, clean)).all().item<bool>());
            Assert.That(
                Recursion.Occupancy(Build(batch), dirty, batch.Frames, kind).narrow(0, 3, 3).select(1, 1).abs().sum().item<double>(),
                Is.Zero);
        }
    }

    [Test]
    public void An_infeasible_target_has_likelihood_zero_and_gradient_exactly_zero()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var batch = new Batch([[1, 1], [1, 2]], [2, 2], tokens: 3); // "1 1" needs a blank between: three frames
        Tensor leaf = torch.randn([2, 2, 3], torch.float64, generator: new torch.Generator(4)).requires_grad_();

        Tensor likelihood = Recursion.LogLikelihood(Build(batch), leaf, batch.Frames, kind);
        likelihood.sum().backward();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(likelihood[0].item<double>(), Is.EqualTo(double.NegativeInfinity));
            Assert.That(leaf.grad![.., 0].abs().sum().item<double>(), Is.Zero);
            Assert.That(leaf.grad![.., 1].sum().item<double>(), Is.EqualTo(2).Within(1e-14));
        }
    }

    [Test]
    public void Impossible_emissions_close_paths_without_NaN()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var batch = new Batch([[1], [1]], [2, 2], tokens: 2);
        Tensor scores = torch.full([2, 2, 2], Math.Log(0.5), torch.float64);
        scores[0, 0, 1] = torch.tensor(double.NegativeInfinity); // the first utterance cannot start with 1
        scores[.., 1, 1] = torch.tensor(double.NegativeInfinity); // the second can never say 1
        Tensor leaf = scores.clone().requires_grad_();

        Tensor likelihood = Recursion.LogLikelihood(Build(batch), leaf, batch.Frames, kind);
        likelihood.sum().backward();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(likelihood[0].item<double>(), Is.EqualTo(Math.Log(0.25)).Within(1e-15));
            Assert.That(likelihood[1].item<double>(), Is.EqualTo(double.NegativeInfinity));
            Assert.That(leaf.grad!.isnan().any().item<bool>(), Is.False);
            Assert.That(leaf.grad![.., 1].abs().sum().item<double>(), Is.Zero);
        }
    }

    [Test]
    public void A_frame_whose_logits_are_all_minus_infinity_makes_its_utterance_infeasible([Values(3, 300)] int tokens, [Values] bool inFloat32)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var batch = new Batch([[1], [1], [1]], [3, 3, 2], tokens);
        Tensor logits = torch.zeros([3, 3, tokens], inFloat32 ? torch.float32 : torch.float64);
        logits[1, 0] = torch.tensor(double.NegativeInfinity).to(logits.dtype);
        logits[2, 2] = torch.tensor(double.NegativeInfinity).to(logits.dtype); // padding
        logits[2, 1, 2] = torch.tensor(double.NaN).to(logits.dtype);
        Tensor leaf = logits.requires_grad_();

        Tensor likelihood = Recursion.LogLikelihoodFromLogits(Build(batch), leaf, batch.Frames, kind);
        likelihood[0].backward();
        using var objective = new Engine.Objectives.Objective(
            new Engine.Objectives.ObjectiveParts(), Engine.Objectives.Reduction.None, Engine.Objectives.InfeasiblePolicy.Inf, kind);
        double[] losses = [.. Enumerable.Range(0, 3).Select(b => objective.Evaluate(leaf.detach(), batch).PerUtterance[b].ToDouble())];

        using (Assert.EnterMultipleScope())
        {
            Assert.That(likelihood[0].ToDouble(), Is.EqualTo(double.NegativeInfinity));
            Assert.That(likelihood[1].ToDouble(), Is.NaN, "one NaN beside numbers");
            Assert.That(likelihood[2].ToDouble(), Is.EqualTo(Math.Log(3) - (2 * Math.Log(tokens))).Within(1e-5));
            Assert.That(losses, Is.EqualTo(new[] { double.PositiveInfinity, double.NaN, (2 * Math.Log(tokens)) - Math.Log(3) }).Within(1e-5));
            Assert.That(leaf.grad![.., 0].abs().sum().ToDouble(), Is.Zero);
        }
    }

    [Test]
    public void A_backward_pass_that_cannot_be_done_gives_NaN_and_the_process_lives()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var batch = new Batch([[1]], [2], tokens: 2);
        Lattice lattice = Build(batch);
        Tensor leaf = torch.zeros([2, 1, 2], torch.float64).requires_grad_();
        Tensor likelihood = Recursion.LogLikelihood(lattice, leaf, batch.Frames, kind);

        lattice.Initial.add_(1); // autograd refuses to go back through what was changed
        likelihood.sum().backward();
        Assert.That(leaf.grad!.isnan().all().item<bool>());
    }

    [Test]
    public void No_frames_say_the_empty_target_and_nothing_else()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var batch = new Batch([[], [1]], [0, 0], tokens: 2);
        foreach (int padding in new[] { 0, 3 })
        {
            Tensor scores = torch.zeros([padding, 2, 2], torch.float64).requires_grad_();
            Tensor likelihood = Recursion.LogLikelihood(Build(batch), scores, batch.Frames, kind);
            likelihood.sum().backward();
            Assert.That(likelihood.data<double>().ToArray(), Is.EqualTo(new[] { 0, double.NegativeInfinity }));
            Assert.That(scores.grad!.abs().sum().item<double>(), Is.Zero);
        }
    }

    [Test]
    [Category("Slow")]
    public void Long_and_peaky_inputs_neither_underflow_nor_lose_the_gradient([Values] bool inFloat32)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.ScalarType type = inFloat32 ? torch.float32 : torch.float64;
        const int Frames = 2000, Tokens = 32, Length = 300;
        long[] target = [.. Enumerable.Range(0, Length).Select(u => 1L + (u * 7 % 31))];
        var batch = new Batch([target], [Frames], Tokens);
        Tensor logits = torch.zeros([Frames, 1, Tokens], type);
        logits[.., .., 5] = torch.tensor(80f); // the model is sure of one token in every frame

        Tensor leaf = logits.clone().requires_grad_();
        Tensor likelihood = Recursion.LogLikelihood(Build(batch), leaf.log_softmax(2), batch.Frames, kind);
        likelihood.sum().backward();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(likelihood.ToDouble(), Is.LessThan(-20_000).And.GreaterThan(-80.0 * Frames));
            Assert.That(leaf.grad!.isfinite().all().item<bool>());
            Assert.That(leaf.grad!.sum(2).abs().max().ToDouble(), Is.LessThan(inFloat32 ? 1e-6 : 1e-14), "γ − p sums to 0");
        }
    }

    [TestCase(4, 2, "Utterance 0 has 4 frames; expected 0 to 3, the frames of the scores. (Parameter 'frames')")]
    [TestCase(3, 1, "The scores hold 2 utterances; expected 1, one for each length. (Parameter 'scores')")]
    public void Scores_that_do_not_fit_are_refused(int frames, int lengths, string message)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var batch = new Batch([.. Enumerable.Repeat(new long[] { 1 }, lengths)], [.. Enumerable.Repeat((long)frames, lengths)], tokens: 2);
        Assert.That(
            () => Recursion.LogLikelihood(Build(batch), torch.zeros([3, 2, 2]), batch.Frames, kind),
            Throws.ArgumentException.With.Message.EqualTo(message));
    }

    private static Lattice Build(Batch batch) => new CtcTopology().Build(batch).Numerator;

    [Test]
    public void Arcs_reach_back_or_stay()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor scores = torch.zeros([2, 1, 3]);
        const string sentence = "Banded arcs reach [0, -2] states back; expected 0 or more.";
        Assert.That(() => new BandedArcs([0, -2], scores), Throws.ArgumentException.With.Message.StartsWith(sentence));
    }
}
