using Ctc.Engine.Recursions;
using Ctc.Engine.Topologies;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Recursions.Fused;

/// <summary>
/// Entropy and arc expectations of the fused recursion for large ln Z, against the differentiable one in float64; on small lattices of all kinds
/// both are held against the list of all paths elsewhere.
/// </summary>
[NoTensorLeaks]
public class ExpectationTests
{
    private static readonly Dictionary<string, Func<(Tensor Scores, long[][] Targets)>> Cases = new()
    {
        ["fewer tokens than states"] = () => (Noise(400, 12, 1).log_softmax(2), [Cycle(60, 11), Cycle(30, 11)]),
        ["more tokens than states"] = () => (Noise(200, 3_000, 1).log_softmax(2), [Cycle(20, 2_999), Cycle(7, 5)]),
        ["ln Z near −10,000"] = () => (Noise(2_000, 100, 3).log_softmax(2), [Cycle(300, 99), Cycle(200, 99)]),
        ["ln Z near −6,000,000"] = () => (Noise(300, 6, 1) - 20_000, [Cycle(20, 5), Cycle(2, 5)]),
        ["uniform frames"] = () => (Noise(1_000, 40, 0), [Cycle(100, 39), Cycle(100, 39)]),
        ["a model that is sure"] = () => (Noise(500, 20, 100).log_softmax(2), [Cycle(50, 19), []]),
        ["−∞"] = () => (Noise(200, 8, 3).masked_fill(Noise(200, 8, 1, seed: 5) > 1, double.NegativeInfinity), [Cycle(20, 7), Cycle(40, 7)]),
    };

    // In float32 the inputs and the result are float32; the computation between is not.
    [Test]
    [Category("Slow")]
    public void The_entropy_is_that_of_the_differentiable_recursion_in_float64(
        [ValueSource(nameof(Names))] string name, [Values] bool inFloat32)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Tensor scores, Batch batch) = Draw(name, inFloat32);
        Tensor truth = Recursion.Entropy(Build(batch), Levelled(scores), batch.Frames, RecursionKind.Differentiable);
        Tensor entropy = Recursion.Entropy(Build(batch), scores, batch.Frames, RecursionKind.Fused);
        Assert.That(entropy.dtype, Is.EqualTo(scores.dtype));
        Tensor scale = truth.clamp(min: 1);
        Assert.That(Distance.Between(entropy.to(torch.float64) / scale, truth / scale), Is.LessThan(inFloat32 ? 1.2e-7 : 1e-8));
    }

    [Test]
    [Category("Slow")]
    public void Arc_expectations_are_those_of_the_differentiable_recursion_in_float64(
        [ValueSource(nameof(Names))] string name, [Values] bool inFloat32)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Tensor scores, Batch batch) = Draw(name, inFloat32);
        Tensor truth = Recursion.ArcExpectations(Build(batch), Levelled(scores), batch.Frames, RecursionKind.Differentiable);
        Tensor expectations = Recursion.ArcExpectations(Build(batch), scores, batch.Frames, RecursionKind.Fused);
        Tensor scale = truth.clamp(min: 1);
        Assert.That(Distance.Between(expectations.to(torch.float64) / scale, truth / scale), Is.LessThan(inFloat32 ? 1e-7 : 1e-9));
    }

    // The recorded operations are of first order in float64; the fused one computes a covariance.
    [Test]
    [Category("Slow")]
    public void Gradients_of_entropy_and_occupancy_are_those_of_recorded_operations(
        [Values("fewer tokens than states", "more tokens than states", "ln Z near −6,000,000", "a model that is sure", "−∞")] string name,
        [Values] bool inFloat32)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Tensor scores, Batch batch) = Draw(name, inFloat32);
        Tensor factors = torch.randn(scores.shape, scores.dtype, generator: new torch.Generator(3));
        Func<Tensor, RecursionKind, Tensor>[] quantities =
        [
            (x, kind) => Recursion.Entropy(Build(batch), x, batch.Frames, kind).sum(),
            (x, kind) => (Recursion.Occupancy(Build(batch), x, batch.Frames, kind) * factors.to(x.dtype)).sum(),
        ];
        foreach (Func<Tensor, RecursionKind, Tensor> quantity in quantities)
        {
            Tensor gradient = Gradient(scores, RecursionKind.Fused), truth = Gradient(Levelled(scores), RecursionKind.Differentiable);
            Tensor scale = truth.abs().max().clamp(min: 1);
            Assert.That(Distance.Between(gradient.to(torch.float64) / scale, truth / scale), Is.LessThan(inFloat32 ? 1e-6 : 1e-8));

            Tensor Gradient(Tensor input, RecursionKind kind)
            {
                Tensor leaf = input.detach().clone().requires_grad_();
                quantity(leaf, kind).backward();
                return leaf.grad!;
            }
        }
    }

    [Test]
    public void Nothing_is_computed_before_it_is_read()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Tensor scores, Batch batch) = Draw("fewer tokens than states", inFloat32: false);
        Lattice broken = Build(batch).WithFinal(torch.zeros([1, 1], torch.float64));
        LatticePosterior posterior = Recursion.Posterior(broken, scores, batch.Frames, RecursionKind.Fused);
        Assert.That(() => posterior.LogLikelihood, Throws.ArgumentException);
    }

    [Test]
    public void Where_gradients_are_recorded_they_have_one()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Tensor scores, Batch batch) = Draw("−∞", inFloat32: false);
        Tensor leaf = scores.nan_to_num(neginf: -5).requires_grad_();
        Assert.That(Recursion.Entropy(Build(batch), leaf, batch.Frames).requires_grad);
        Assert.That(Recursion.ArcExpectations(Build(batch), leaf, batch.Frames).requires_grad);
        using var withoutGradient = torch.no_grad();
        Assert.That(Recursion.Entropy(Build(batch), leaf, batch.Frames).requires_grad, Is.False);
    }

    [Test]
    public void A_score_that_is_no_number_is_not_passed_over()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor scores = Noise(5, 3, 1);
        scores[2, 0, 1] = torch.tensor(double.NaN);
        var batch = new Batch([[1], [1]], [5, 5], tokens: 3);
        Assert.That(
            Recursion.Entropy(Build(batch), scores, batch.Frames, RecursionKind.Fused).isnan().data<bool>().ToArray(),
            Is.EqualTo(new[] { true, false }));
    }

    // What all tokens of a frame have in common changes no posterior; but logarithms near −6,000,000 are 10⁻⁹ apart even in float64.
    private static Tensor Levelled(Tensor scores) => scores.to(torch.float64) - scores.to(torch.float64).amax([2], keepdim: true);

    private static string[] Names() => [.. Cases.Keys];

    private static (Tensor Scores, Batch Batch) Draw(string name, bool inFloat32)
    {
        (Tensor scores, long[][] targets) = Cases[name]();
        var batch = new Batch(targets, [scores.shape[0], scores.shape[0] - 3], scores.shape[2]);
        return (inFloat32 ? scores.to(torch.float32) : scores, batch);
    }

    private static Lattice Build(Batch batch) => new CtcTopology().Build(batch).Numerator;

    private static long[] Cycle(int length, int tokens) => [.. Enumerable.Range(0, length).Select(u => 1L + (u % tokens))];

    private static Tensor Noise(int frames, int tokens, double scale, ulong seed = 1) =>
        torch.randn([frames, 2, tokens], torch.float64, generator: new torch.Generator(seed)) * scale;
}
