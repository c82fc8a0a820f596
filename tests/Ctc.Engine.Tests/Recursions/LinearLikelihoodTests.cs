using Ctc.Engine.Recursions;
using Ctc.Testing.Oracles;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Recursions;

/// <summary>ln Z from hidden states and a linear layer equals that from the logits of the layer, with all its gradients.</summary>
[NoTensorLeaks]
public class LinearLikelihoodTests
{
    private const int Hidden = 5;

    [Test]
    [Category("Slow")]
    public void Every_lattice_gives_the_numbers_of_its_logits(
        [Range(0, 59)] int seed, [Values("unknown", "right", "wrong")] string weights, [Values] bool inFloat32)
    {
        int? rows = (seed % 4) switch { 0 => 1, 1 => 3, 2 => 5, _ => null };
        using DisposeScope scope = torch.NewDisposeScope();
        (LatticeCase drawn, LinearOutput output) = Draw(seed, inFloat32 ? torch.float32 : torch.float64);
        double[] ofLosses = [.. drawn.Frames.Select((_, b) => new Random(seed + b).Next(3) == 0 ? 0 : 0.25 + new Random(seed + b).NextDouble())];
        double[]? given = weights switch
        {
            "unknown" => null,
            "right" => [.. ofLosses.Select(weight => 3 * weight)],
            _ => [.. ofLosses.Select((weight, b) => weight + b)],
        };
        Tensor[] found = Differentiate(drawn, output, ofLosses, (lattice, own) => Linear(lattice, own, drawn.Frames, given, rows));
        Tensor[] expected = Differentiate(drawn, InDouble(Clean(output, drawn.Frames)), ofLosses, (lattice, own) =>
            Recursion.LogLikelihoodFromLogits(lattice, own.ComputeLogits(), drawn.Frames, RecursionKind.Differentiable));
        (double ofLoss, double ofGradient) = inFloat32 ? (1e-5, 1e-4) : (1e-9, 1e-7);
        Assert.That(found, Has.Length.EqualTo(expected.Length));
        for (int i = 0; i < found.Length; i++)
        {
            Assert.That(Distance.Between(found[i].to(torch.float64), expected[i]), Is.LessThan(i < 2 ? ofLoss : ofGradient), $"{i}");
        }
    }

    [Test]
    public void Utterances_that_differ_in_all_ways_give_the_numbers_of_their_logits([Values(1, 2)] int threads, [Values(null, 7)] int? rows)
    {
        int before = torch.get_num_threads();
        try
        {
            torch.set_num_threads(threads);
            using DisposeScope scope = torch.NewDisposeScope();
            // Repeats; an empty target; no frames; too few frames; no frames and no target; all frames.
            var batch = new Batch([[1, 1, 4], [], [3], [2, 2, 2, 2], [], [7, 9, 1, 300]], [9, 6, 0, 5, 0, 40], 301, 5);
            (Lattice lattice, LinearOutput output) = (Ctc(batch), DrawOutput(1, 40, batch, torch.float64));
            double[] ones = [.. batch.Frames.Select(_ => 1.0)];
            var drawn = new LatticeCase(lattice, output.Hidden, batch.Frames);
            Tensor[] found = Differentiate(drawn, output, ones, (read, own) => Linear(read, own, batch.Frames, ones, rows));
            Tensor[] expected = Differentiate(drawn, Clean(output, batch.Frames), ones, (read, own) =>
                Recursion.LogLikelihoodFromLogits(read, own.ComputeLogits(), batch.Frames, RecursionKind.Differentiable));
            Assert.That(found[0].data<double>().ToArray(), Is.EqualTo(new double[] { 0, 0, 1, 1, 0, 0 }));
            for (int i = 0; i < found.Length; i++) Assert.That(Distance.Between(found[i], expected[i]), Is.LessThan(i < 2 ? 1e-9 : 1e-7), $"{i}");
        }
        finally
        {
            torch.set_num_threads(before);
        }
    }

    [Test]
    public void A_second_backward_pass_gives_the_same_gradients()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var batch = new Batch([[1, 2], [3]], [6, 4], 30);
        LinearOutput leaves = Leaves(DrawOutput(2, 6, batch, torch.float64));
        Tensor loss = Linear(Ctc(batch), leaves, batch.Frames, [1, 1], 5).sum() * 0.5;
        loss.backward([], retain_graph: true);
        Tensor[] once = [.. Inputs(leaves).Select(leaf => leaf.grad!.clone())];
        loss.backward();
        foreach ((Tensor first, Tensor both) in once.Zip(Inputs(leaves).Select(leaf => leaf.grad!)))
        {
            Assert.That(Distance.Between(first * 2, both), Is.LessThan(1e-12));
        }
    }

    [Test]
    public void Second_derivatives_are_those_of_finite_differences([Range(0, 5)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var batch = new Batch([[1, 2], [3, 3]], [4, 3], 5, 4);
        LinearOutput output = DrawOutput(seed, 4, batch, torch.float64);
        Tensor[] inputs = Inputs(output);
        for (int i = 0; i < inputs.Length; i++)
        {
            LinearOutput With(Tensor moved) => Join([.. inputs[..i], moved, .. inputs[(i + 1)..]]);
            Tensor Loss(Tensor moved) => Linear(Ctc(batch), With(moved), batch.Frames, [1, 1], null).square().sum();
            Tensor direction = torch.randn(inputs[i].shape, torch.float64, generator: new torch.Generator((ulong)seed));
            Tensor product = FiniteDifferences.HessianVectorProduct(Loss, inputs[i], direction);
            Tensor differences = FiniteDifferences.Along(at => FiniteDifferences.Autograd(Loss, at), inputs[i], direction);
            Assert.That(Distance.Between(product, differences), Is.LessThan(1e-5), $"{i}");
        }
    }

    [Test]
    public void Only_inputs_that_require_grad_have_gradients([Values(0, 1, 2)] int which)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var batch = new Batch([[1, 2], [3]], [6, 4], 30);
        LinearOutput output = DrawOutput(2, 6, batch, torch.float64);
        Tensor[] all = Inputs(Leaves(output)), some = [.. Inputs(output).Select((input, i) => i == which ? input.clone().requires_grad_() : input)];
        Linear(Ctc(batch), Join(all), batch.Frames, [1, 1], null).sum().backward();
        Linear(Ctc(batch), Join(some), batch.Frames, [1, 1], null).sum().backward();
        Assert.That(Distance.Between(some[which].grad!, all[which].grad!), Is.LessThan(1e-12));
    }

    [Test]
    public void A_frame_without_softmax_and_a_number_that_is_NaN_concern_their_utterances_alone()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var batch = new Batch([[1], [2], [3]], [3, 3, 3], 30);
        LinearOutput output = DrawOutput(3, 3, batch, torch.float64);
        output.Hidden[1, 1] = torch.full([Hidden], double.NaN, torch.float64);
        LinearOutput leaves = Leaves(output);
        Tensor logZ = Linear(Ctc(batch), leaves, batch.Frames, [1, 1, 1], null);
        logZ.sum().backward();
        Assert.That(logZ.isnan().data<bool>().ToArray(), Is.EqualTo(new[] { false, true, false }));
        bool[] inEveryFrame = [false, true, false, false, true, false, false, true, false];
        Assert.That(leaves.Hidden.grad!.isnan().all(2).data<bool>().ToArray(), Is.EqualTo(inEveryFrame));

        Tensor nothing = torch.full([30], double.NegativeInfinity, torch.float64);
        LinearOutput none = Leaves(new LinearOutput(DrawOutput(3, 3, batch, torch.float64).Hidden, output.Weight, nothing));
        Tensor impossible = Linear(Ctc(batch), none, batch.Frames, [1, 1, 1], null);
        impossible.sum().backward();
        Assert.That(impossible.isneginf().all().item<bool>());
        Assert.That(Inputs(none).All(leaf => leaf.grad!.eq(0).all().item<bool>()));
    }

    [Test]
    [Category("Slow")]
    public void No_tensor_of_all_logits_is_made([Values] bool known)
    {
        if (!OperatingSystem.IsLinux()) Assert.Ignore("The largest memory in use is read from /proc.");
        using DisposeScope scope = torch.NewDisposeScope();
        const long Frames = 500, Utterances = 8, Tokens = 20_000;
        const double AllLogits = Frames * Utterances * Tokens * sizeof(float);
        long[][] targets = [.. Enumerable.Range(0, (int)Utterances).Select(b => new long[] { b + 1, 7 })];
        var batch = new Batch(targets, [.. Enumerable.Repeat(Frames, (int)Utterances)], Tokens);
        LinearOutput leaves = Leaves(DrawOutput(4, Frames, batch, torch.float32));
        Lattice lattice = Ctc(batch);
        double[]? weights = known ? [.. batch.Frames.Select(_ => 1.0)] : null;
        double before = ResetPeak();
        Linear(lattice, leaves, batch.Frames, weights, null).sum().backward();
        Assert.That(Peak() - before, Is.LessThan(AllLogits / 2));
    }

    [Test]
    public void Inputs_that_do_not_fit_are_refused()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var batch = new Batch([[1, 2], [3]], [6, 4], 30);
        LinearOutput output = DrawOutput(2, 6, batch, torch.float64);
        Assert.That(() => new LinearOutput(output.Hidden, output.Weight.t(), null), Throws.ArgumentException.With.Message.Contains("[V, 5]"));
        Assert.That(() => new LinearOutput(output.Hidden, output.Weight, torch.zeros(29)), Throws.ArgumentException.With.Message.Contains("[30]"));
        var mixed = new LinearOutput(output.Hidden, output.Weight.to(torch.float32), null);
        Assert.That(
            () => Recursion.LogLikelihoodFromLinear(Ctc(batch), mixed, batch.Frames), Throws.ArgumentException.With.Message.Contains("Float32"));
        Assert.That(
            () => Recursion.LogLikelihoodFromLinear(Ctc(batch), output, batch.Frames, weights: [1]),
            Throws.ArgumentException.With.Message.Contains("1 weights; expected 2"));
        Assert.That(
            () => Recursion.LogLikelihoodFromLinear(Ctc(batch), output, [7, 4]), Throws.ArgumentException.With.Message.Contains("expected 0 to 6"));
        var narrow = new LinearOutput(output.Hidden, output.Weight.narrow(0, 0, 3), null);
        Assert.That(
            () => Recursion.LogLikelihoodFromLinear(Ctc(batch), narrow, batch.Frames), Throws.ArgumentException.With.Message.Contains("has token 3"));
    }

    private static Tensor Linear(Lattice lattice, LinearOutput output, IReadOnlyList<long> frames, IReadOnlyList<double>? weights, int? rows) =>
        LinearLikelihood.Compute(lattice, output, torch.tensor(frames.ToArray()), RecursionKind.Auto, weights, rowsAtATime: rows);

    private static Lattice Ctc(Batch batch) => new Engine.Topologies.CtcTopology().Build(batch).Numerator;

    // Where ln Z is −∞; ln Z elsewhere, and the gradients of Σ weight·ln Z, of hidden states, weight and bias, and of the scores of the lattice.
    private static Tensor[] Differentiate(LatticeCase drawn, LinearOutput output, double[] weights, Func<Lattice, LinearOutput, Tensor> likelihood)
    {
        LinearOutput leaves = Leaves(output);
        Tensor[] scores = [.. new[] { drawn.Lattice.Arcs.Scores, drawn.Lattice.Initial, drawn.Lattice.Final }.Select(Leaf)];
        Lattice lattice = drawn.Lattice.WithArcs(drawn.Lattice.Arcs.WithScores(scores[0])).WithInitial(scores[1]).WithFinal(scores[2]);
        Tensor logZ = likelihood(lattice, leaves);
        Tensor impossible = logZ.isneginf(), finite = torch.where(impossible, torch.zeros_like(logZ), logZ);
        (finite * torch.tensor(weights, logZ.dtype)).sum().backward();
        return [impossible.to(torch.float64), finite.detach(), .. Inputs(leaves).Concat(scores).Select(leaf => leaf.grad ?? torch.zeros_like(leaf))];
    }

    private static Tensor Leaf(Tensor tensor) => tensor.detach().clone().requires_grad_();

    private static LinearOutput Leaves(LinearOutput output) => Join([.. Inputs(output).Select(Leaf)]);

    private static Tensor[] Inputs(LinearOutput output) => [output.Hidden, output.Weight, .. new[] { output.Bias }.OfType<Tensor>()];

    private static LinearOutput Join(Tensor[] inputs) => new(inputs[0], inputs[1], inputs.Length == 3 ? inputs[2] : null);

    private static LinearOutput InDouble(LinearOutput output) => Join([.. Inputs(output).Select(input => input.to(torch.float64))]);

    private static LinearOutput Clean(LinearOutput output, IReadOnlyList<long> frames) =>
        Join([torch.where(Valid(output.Hidden.shape[0], frames), output.Hidden, torch.zeros_like(output.Hidden)), .. Inputs(output)[1..]]);

    private static Tensor Valid(long total, IReadOnlyList<long> frames) =>
        (torch.arange(total).unsqueeze(1) < torch.tensor(frames.ToArray())).unsqueeze(2);

    private static (LatticeCase Drawn, LinearOutput Output) Draw(int seed, torch.ScalarType type)
    {
        LatticeCase drawn = LatticeCase.Draw(seed);
        long tokens = drawn.Scores.shape[2] + (drawn.Lattice.Classes is null && seed % 3 != 0 ? 40 : 0);
        var batch = new Batch([.. drawn.Frames.Select(_ => Array.Empty<long>())], drawn.Frames, tokens, 0);
        LinearOutput output = DrawOutput(seed, drawn.Scores.shape[0], batch, type);
        Tensor? bias = output.Bias;
        if (seed % 5 == 0) bias = null;
        else if (seed % 5 == 1) bias!.masked_fill_(bias < -0.8, double.NegativeInfinity);
        return (drawn, new LinearOutput(output.Hidden, output.Weight, bias));
    }

    // Padding is NaN.
    private static LinearOutput DrawOutput(int seed, long total, Batch batch, torch.ScalarType type)
    {
        var random = new torch.Generator((ulong)seed);
        Tensor hidden = torch.randn([total, batch.Size, Hidden], torch.float64, generator: random);
        return new LinearOutput(
            torch.where(Valid(total, batch.Frames), hidden, torch.full_like(hidden, double.NaN)).to(type),
            torch.randn([batch.Tokens, Hidden], torch.float64, generator: random).to(type),
            torch.randn([batch.Tokens], torch.float64, generator: random).to(type));
    }

    // The bytes in use, from which the peak starts again.
    private static double ResetPeak()
    {
        File.WriteAllText("/proc/self/clear_refs", "5");
        return Read("VmRSS:");
    }

    private static double Peak() => Read("VmHWM:");

    private static double Read(string name)
    {
        string line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(name, StringComparison.Ordinal));
        return 1024 * double.Parse(string.Concat(line.Where(char.IsDigit)), System.Globalization.CultureInfo.InvariantCulture);
    }
}
