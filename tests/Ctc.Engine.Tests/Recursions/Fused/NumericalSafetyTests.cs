using Ctc.Engine.Recursions;
using Ctc.Engine.Topologies;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Recursions.Fused;

/// <summary>
/// The fused recursion where probabilities as such underflow, against the differentiable one in float64 on the same numbers. float32: loss to
/// 1e-5·max(1, |L|), gradient to 1e-4; float64: 1e-10 and 1e-9.
/// </summary>
[NoTensorLeaks]
public class NumericalSafetyTests
{
    private static readonly Dictionary<string, Func<(Tensor Scores, long[][] Targets)>> Cases = new()
    {
        // Two utterances of each shape of the benchmark, of word pieces in 300 frames: an utterance's bits do not depend on the others.
        ["the primer's shape"] = () => (Noise(128, 32, 1).log_softmax(2), [Cycle(60, 31), Cycle(60, 30)]),
        ["word pieces"] = () => (Noise(300, 5_000, 1).log_softmax(2), [Cycle(100, 4_999), Cycle(100, 50)]),
        ["a long recording"] = () => (Noise(2_000, 32, 1).log_softmax(2), [Cycle(300, 31), Cycle(300, 7)]),
        ["text lines"] = () => (Noise(64, 6_000, 1).log_softmax(2), [Cycle(12, 5_999), Cycle(12, 3)]),

        // One token at 1 − 1e-9 in every frame, of which the target wants none.
        ["a model that is sure of another token"] = () => (Peaky(2_000, 32, _ => 31), [Cycle(300, 30), Cycle(10, 30)]),
        ["a model that is sure of the blank"] = () => (Peaky(2_000, 32, _ => 0), [Cycle(300, 30), []]),
        // The token changes, so the right path is in another state at every time.
        ["a model that is sure of the target, far too early"] =
            () => (Peaky(2_000, 32, t => t < 600 ? (t % 2 == 0 ? 0 : 1 + (t / 2 % 30)) : 0), [Cycle(300, 30), Cycle(299, 30)]),
        ["a model that is sure of the target, far too late"] =
            () => (Peaky(2_000, 32, t => t < 1400 ? 0 : t % 2 == 0 ? 0 : 1 + ((t - 1400) / 2 % 30)), [Cycle(300, 30), Cycle(299, 30)]),
        ["300 targets in 2,000 frames"] = () => (Noise(2_000, 32, 1).log_softmax(2), [Cycle(300, 30), Cycle(150, 17)]),
        ["logits of ±80"] = () => (((Noise(500, 20, 1) > 0).to(torch.float64) * 160 - 80).log_softmax(2), [Cycle(100, 19), Cycle(3, 19)]),
        ["scores of ±80, not normalised"] = () => ((Noise(500, 20, 1) > 0).to(torch.float64) * 160 - 80, [Cycle(100, 19), Cycle(3, 19)]),
        ["a target that the model finds impossible"] = () => (Noise(400, 12, 400).log_softmax(2), [Cycle(150, 11), Cycle(190, 11)]),
        ["steps beyond the range of a double"] = () => (Noise(60, 6, 3_000), [Cycle(20, 5), Cycle(2, 5)]),
        ["large positive scores"] = () => (Noise(300, 6, 5) + 1_000, [Cycle(20, 5), Cycle(2, 5)]),
        ["large negative scores"] = () => (Noise(300, 6, 5) - 20_000, [Cycle(20, 5), Cycle(2, 5)]),
        ["emissions of −∞"] =
            () => (Noise(200, 8, 3).masked_fill(Noise(200, 8, 1, seed: 5) > 1, double.NegativeInfinity), [Cycle(20, 7), Cycle(40, 7)]),
        ["a loss near 0 over many frames"] = () => (torch.tensor([0.9995, 0.0005]).log().view(1, 1, 2).expand(2_000, 2, 2).contiguous(), [[], [1]]),
    };

    [Test]
    [Category("Slow")]
    public void Loss_and_gradient_are_those_of_the_differentiable_recursion_in_float64(
        [ValueSource(nameof(Names))] string name, [Values] bool inFloat32)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Tensor scores, long[][] targets) = Cases[name]();
        if (inFloat32) scores = scores.to(torch.float32);
        var batch = new Batch(targets, [scores.shape[0], scores.shape[0] - 3], scores.shape[2]);
        (Tensor truth, Tensor trueGradient) = Differentiate(batch, scores.to(torch.float64), RecursionKind.Differentiable);
        (Tensor loss, Tensor gradient) = Differentiate(batch, scores, RecursionKind.Fused);

        (double ofLoss, double ofGradient) = inFloat32 ? (1e-5, 1e-4) : (1e-10, 1e-9);
        Tensor scale = truth.abs().clamp(min: 1);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(truth.isfinite().all().item<bool>(), "the case is not vacuous");
            Assert.That(Distance.Between(loss.to(torch.float64) / scale, truth / scale), Is.LessThan(ofLoss), "loss");
            Assert.That(Distance.Between(gradient.to(torch.float64), trueGradient), Is.LessThan(ofGradient), "gradient");
        }
    }

    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    public void A_score_that_is_no_number_is_not_passed_over(double bad)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor scores = Noise(5, 3, 1);
        scores[2, 0, 1] = torch.tensor(bad);
        (Tensor loss, Tensor gradient) = Differentiate(new Batch([[1], [1]], [5, 5], tokens: 3), scores, RecursionKind.Fused);
        Assert.That(loss.isnan().data<bool>().ToArray(), Is.EqualTo(new[] { true, false }));
        Assert.That(gradient.isnan().any(2).any(0).data<bool>().ToArray(), Is.EqualTo(new[] { true, false }));
    }

    private static string[] Names() => [.. Cases.Keys];

    private static (Tensor Loss, Tensor Gradient) Differentiate(Batch batch, Tensor scores, RecursionKind kind)
    {
        Tensor leaf = scores.clone().requires_grad_();
        Tensor loss = -Recursion.LogLikelihood(new CtcTopology().Build(batch).Numerator, leaf, batch.Frames, kind);
        loss.sum().backward();
        return (loss.detach(), leaf.grad!);
    }

    private static long[] Cycle(int length, int tokens) => [.. Enumerable.Range(0, length).Select(u => 1L + (u % tokens))];

    private static Tensor Noise(int frames, int tokens, double scale, ulong seed = 1) =>
        torch.randn([frames, 2, tokens], torch.float64, generator: new torch.Generator(seed)) * scale;

    private static Tensor Peaky(int frames, int tokens, Func<int, int> sureOf)
    {
        Tensor sure = torch.tensor([.. Enumerable.Range(0, frames).Select(t => (long)sureOf(t))]).view(-1, 1, 1).expand(-1, 2, 1);
        Tensor rest = torch.full([frames, 2, tokens], 1e-9 / (tokens - 1), torch.float64);
        return rest.scatter(2, sure, torch.full([frames, 2, 1], 1 - 1e-9, torch.float64)).log();
    }
}
