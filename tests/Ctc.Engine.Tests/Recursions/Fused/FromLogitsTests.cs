using Ctc.Engine.Recursions;
using Ctc.Engine.Topologies;
using Ctc.Testing.Oracles;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Recursions.Fused;

/// <summary>ln Z from logits in one pass, against a log-softmax and ln Z of it.</summary>
[NoTensorLeaks]
public class FromLogitsTests
{
    // Two utterances of each shape of the benchmark, of word pieces in 300 frames, and what is hard.
    private static readonly Dictionary<string, Func<(Tensor Logits, long[][] Targets)>> Cases = new()
    {
        ["the primer's shape"] = () => (Noise(128, 32, 1), [Cycle(60, 31), Cycle(60, 30)]),
        ["word pieces"] = () => (Noise(300, 5_000, 1), [Cycle(100, 4_999), Cycle(100, 50)]),
        ["a long recording"] = () => (Noise(2_000, 32, 1), [Cycle(300, 31), Cycle(300, 7)]),
        ["text lines"] = () => (Noise(64, 6_000, 1), [Cycle(12, 5_999), Cycle(12, 3)]),
        ["rows that end within a vector"] = () => (Noise(50, 37, 3), [Cycle(12, 36), Cycle(5, 3)]),
        ["±80"] = () => ((Noise(500, 20, 1) > 0).to(torch.float64) * 160 - 80, [Cycle(100, 19), Cycle(3, 19)]),
        ["−∞"] = () => (Noise(200, 8, 3).masked_fill(Noise(200, 8, 1, seed: 5) > 1.5, double.NegativeInfinity), [Cycle(20, 7), Cycle(30, 7)]),
        ["one token certain in every frame"] = () => (Sure(2_000, 32, 60), [[], []]),
        ["one token certain that the target does not want"] = () => (Sure(2_000, 32, 60), [Cycle(300, 30), Cycle(10, 30)]),
        ["large and positive"] = () => (Noise(300, 6, 5) + 1_000, [Cycle(20, 5), Cycle(2, 5)]),
        ["beyond the range of a double"] = () => (Noise(60, 6, 3_000), [Cycle(20, 5), Cycle(2, 5)]),
        ["empty targets"] = () => (Noise(30, 5, 2), [[], []]),
        ["one token in all"] = () => (Noise(30, 1, 2), [[], []]),
    };

    [Test]
    [Category("Slow")]
    public void Loss_and_gradient_are_those_of_a_log_softmax_in_float64([ValueSource(nameof(Names))] string name, [Values] bool inFloat32)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Tensor logits, long[][] targets) = Cases[name]();
        if (inFloat32) logits = logits.to(torch.float32);
        var batch = new Batch(targets, [logits.shape[0], logits.shape[0] - 3], logits.shape[2]);
        (Tensor truth, Tensor trueGradient) = Differentiate(logits.to(torch.float64), leaf => ByLogSoftmax(batch, leaf, RecursionKind.Fused));
        (Tensor loss, Tensor gradient) = Differentiate(logits, leaf => FromLogits(batch, leaf));

        (double ofLoss, double ofGradient) = inFloat32 ? (1e-5, 1e-4) : (1e-12, 1e-12);
        Tensor scale = truth.abs().clamp(min: 1);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(truth.isfinite().all().item<bool>(), "the case is not vacuous");
            Assert.That(Distance.Between(loss.to(torch.float64) / scale, truth / scale), Is.LessThan(ofLoss), "loss");
            Assert.That(Distance.Between(gradient.to(torch.float64), trueGradient), Is.LessThan(ofGradient), "gradient");
        }
    }

    // The loss is what the other tokens leave of 1: ln(1 + 31·e^−12) for each frame, of which a float32 log-softmax keeps nothing of ±1e-7.
    [Test]
    public void A_loss_near_0_is_not_lost_beside_its_logits()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var batch = new Batch([[], []], [2_000, 2_000], tokens: 32);
        Tensor loss = FromLogits(batch, (Sure(2_000, 32, 12) + 100).to(torch.float32));
        double expected = 2_000 * Math.Log(1 + (31 * Math.Exp(-12)));
        Assert.That(loss.data<float>().ToArray(), Is.All.EqualTo(expected).Within(1e-6 * expected));
    }

    [Test]
    [Category("Slow")]
    public void Any_lattice_gives_the_numbers_of_a_log_softmax(
        [Range(0, 199)] int seed, [Values(RecursionKind.Auto, RecursionKind.Differentiable)] RecursionKind kind)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        LatticeCase drawn = LatticeCase.Draw(seed);
        Tensor impossible = drawn.Scores.isneginf().all(2, keepdim: true);
        drawn = drawn with { Scores = torch.where(impossible, torch.zeros_like(drawn.Scores), drawn.Scores) }; // whose log-softmax is NaN
        Tensor[] Slopes(Func<Lattice, Tensor, Tensor> likelihood, out Tensor value)
        {
            Tensor[] inputs = [drawn.Scores, drawn.Lattice.Arcs.Scores, drawn.Lattice.Initial, drawn.Lattice.Final];
            if (drawn.Lattice.Classes is { } classes) inputs = [.. inputs, classes.Rest, classes.Weights];
            Tensor[] leaves = [.. inputs.Select(input => input.detach().clone().requires_grad_())];
            Tensor total = likelihood(drawn.With(leaves[1..]), leaves[0]);
            (torch.where(total.isneginf(), torch.zeros_like(total), total) * Weights(total)).sum().backward();
            value = total.detach();
            return [.. leaves.Select(leaf => leaf.grad ?? torch.zeros_like(leaf))];
        }

        Tensor valid = torch.arange(drawn.Scores.shape[0]).unsqueeze(1).lt(torch.tensor([.. drawn.Frames])).unsqueeze(2);
        Tensor[] expected = Slopes(
            (lattice, logits) => Recursion.LogLikelihood(
                lattice, torch.where(valid, logits, torch.zeros_like(logits)).log_softmax(2), drawn.Frames, RecursionKind.Differentiable),
            out Tensor truth);
        Tensor[] slopes = Slopes((lattice, logits) => Recursion.LogLikelihoodFromLogits(lattice, logits, drawn.Frames, kind), out Tensor value);
        Assert.That(value.data<double>().ToArray(), Is.EqualTo(truth.data<double>().ToArray()).Within(1e-12));
        for (int i = 0; i < slopes.Length; i++) Assert.That(Distance.Between(slopes[i], expected[i]), Is.LessThan(1e-12), $"input {i}");
    }

    [Test]
    public void Second_derivatives_equal_differences_of_the_gradient([Range(0, 9)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase random = RandomCase.Draw(seed);
        Tensor direction = torch.randn(random.Logits.shape, torch.float64, generator: new torch.Generator((ulong)seed));
        Tensor Total(Tensor logits)
        {
            Tensor loss = FromLogits(random.Batch, logits);
            return (torch.where(loss.isposinf(), torch.zeros_like(loss), loss) * Weights(loss)).sum();
        }

        Tensor product = FiniteDifferences.HessianVectorProduct(Total, random.Logits, direction);
        Tensor differences = FiniteDifferences.Along(at => FiniteDifferences.Autograd(Total, at), random.Logits, direction);
        Assert.That(Distance.Between(product, differences), Is.LessThan(1e-8));
    }

    [Test]
    public void Padding_may_hold_anything_and_what_no_path_explains_has_gradient_zero([Values] bool inFloat32)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var batch = new Batch([[1, 2], [2], [1, 1, 1], [], [1]], [6, 3, 4, 0, 0], tokens: 3); // the third needs five frames
        Tensor logits = torch.randn([6, 5, 3], inFloat32 ? torch.float32 : torch.float64, generator: new torch.Generator(3));
        foreach ((int b, long frames) in batch.Frames.Index())
        {
            if (frames < 6) logits.narrow(0, frames, 6 - frames).select(1, b).fill_(double.NaN);
        }

        (Tensor loss, Tensor gradient) = Differentiate(logits, leaf => FromLogits(batch, leaf));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(loss.isfinite().data<bool>().ToArray(), Is.EqualTo(new[] { true, true, false, true, false }));
            Assert.That(
                loss.to(torch.float64).data<double>().ToArray()[2..],
                Is.EqualTo(new[] { double.PositiveInfinity, 0, double.PositiveInfinity }));
            Assert.That(gradient.isfinite().all().item<bool>());
            Assert.That(gradient.narrow(0, 3, 3).select(1, 1).abs().sum().ToDouble() + gradient.narrow(1, 2, 3).abs().sum().ToDouble(), Is.Zero);
            Assert.That(gradient.sum(2).abs().max().ToDouble(), Is.LessThan(inFloat32 ? 1e-6 : 1e-14), "p − γ sums to 0");
        }
    }

    [Test]
    public void No_frames_say_the_empty_target_and_nothing_else()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Tensor loss, Tensor gradient) = Differentiate(
            torch.zeros([0, 2, 3], torch.float64),
            leaf => FromLogits(new Batch([[], [1]], [0, 0], tokens: 3), leaf));
        Assert.That(loss.data<double>().ToArray(), Is.EqualTo(new[] { 0, double.PositiveInfinity }));
        Assert.That(gradient.shape, Is.EqualTo(new long[] { 0, 2, 3 }));
    }

    // Token 3 is not read by the target, and NaN all the same: the log-softmax of its frame is.
    [Test]
    public void A_logit_that_is_no_number_is_not_passed_over([Values(double.NaN, double.PositiveInfinity)] double bad, [Values(1, 3)] long token)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor logits = Noise(5, 4, 1);
        logits[2, 0, token] = torch.tensor(bad);
        (Tensor loss, Tensor gradient) = Differentiate(logits, leaf => FromLogits(new Batch([[1], [1]], [5, 5], tokens: 4), leaf));
        Assert.That(loss.isnan().data<bool>().ToArray(), Is.EqualTo(new[] { true, false }));
        Assert.That(gradient.isnan().any(2).any(0).data<bool>().ToArray(), Is.EqualTo(new[] { true, false }));
    }

    [Test]
    public void The_bits_are_the_same_on_any_number_of_threads([Values] bool inFloat32)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor logits = torch.randn([40, 7, 100], inFloat32 ? torch.float32 : torch.float64, generator: new torch.Generator(1));
        var batch = new Batch(
            [.. Enumerable.Range(0, 7).Select(b => Cycle(2 * b, 99))],
            [.. Enumerable.Range(0, 7).Select(b => 40L - (3 * b))],
            tokens: 100);
        (Tensor loss, Tensor gradient) = Differentiate(logits, leaf => FromLogits(batch, leaf));
        try
        {
            foreach (int threads in new[] { 1, 2, 3 })
            {
                torch.set_num_threads(threads);
                (Tensor again, Tensor gradientAgain) = Differentiate(logits, leaf => FromLogits(batch, leaf));
                Assert.That(again.bytes.SequenceEqual(loss.bytes), $"loss on {threads} threads");
                Assert.That(gradientAgain.bytes.SequenceEqual(gradient.bytes), $"gradient on {threads} threads");
            }
        }
        finally
        {
            torch.set_num_threads(1);
        }
    }

    [Test]
    public void Logits_of_any_layout_are_read()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor logits = Noise(20, 9, 1), turned = logits.transpose(0, 1).contiguous().transpose(0, 1);
        var batch = new Batch([Cycle(5, 8), Cycle(3, 8)], [20, 17], tokens: 9);
        (Tensor loss, Tensor gradient) = Differentiate(logits, leaf => FromLogits(batch, leaf));
        Tensor leaf = turned.detach().requires_grad_();
        Tensor same = FromLogits(batch, leaf);
        same.sum().backward();
        Assert.That(same.equal(loss).all().item<bool>());
        Assert.That(leaf.grad!.equal(gradient).all().item<bool>());
    }

    private static string[] Names() => [.. Cases.Keys];

    private static Tensor Weights(Tensor values) => torch.arange(1, values.shape[0] + 1, dtype: values.dtype) / 2;

    private static Tensor FromLogits(Batch batch, Tensor logits) =>
        -Recursion.LogLikelihoodFromLogits(new CtcTopology().Build(batch).Numerator, logits, batch.Frames, RecursionKind.Fused);

    private static Tensor ByLogSoftmax(Batch batch, Tensor logits, RecursionKind kind) =>
        -Recursion.LogLikelihood(new CtcTopology().Build(batch).Numerator, logits.log_softmax(2), batch.Frames, kind);

    private static (Tensor Loss, Tensor Gradient) Differentiate(Tensor logits, Func<Tensor, Tensor> loss)
    {
        Tensor leaf = logits.clone().requires_grad_();
        Tensor value = loss(leaf);
        torch.where(value.isposinf(), torch.zeros_like(value), value).sum().backward();
        return (value.detach(), leaf.grad!);
    }

    private static long[] Cycle(int length, int tokens) => [.. Enumerable.Range(0, length).Select(u => 1L + (u % tokens))];

    private static Tensor Noise(int frames, int tokens, double scale, ulong seed = 1) =>
        torch.randn([frames, 2, tokens], torch.float64, generator: new torch.Generator(seed)) * scale;

    // The blank is ahead of all others by some nats.
    private static Tensor Sure(int frames, int tokens, double ahead)
    {
        Tensor logits = torch.zeros([frames, 2, tokens], torch.float64);
        logits[.., .., 0] = torch.tensor(ahead);
        return logits;
    }
}
