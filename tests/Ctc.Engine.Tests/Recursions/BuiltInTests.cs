using Ctc.Engine.Recursions;
using Ctc.Engine.Topologies;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Recursions;

/// <summary>The three checks of Kantorov's primer, at its shape, against libtorch's own CTC; and where libtorch is wrong.</summary>
[NoTensorLeaks]
[TestFixture(RecursionKind.Auto)]
[TestFixture(RecursionKind.Differentiable)]
public class BuiltInTests(RecursionKind kind)
{
    private const int Frames = 128, Utterances = 256, Tokens = 32, Length = 60;

    [Test]
    [Category("Slow")]
    public void Loss_matches_and_gradient_matches_and_cross_entropy_gradient_matches()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Tensor logits, Tensor targets) = Draw();
        (Tensor builtIn, Tensor builtInGradient) = BuiltIn(logits, targets);
        (Tensor ours, Tensor ourGradient, Tensor occupancy) = Ours(logits, targets);
        (_, Tensor crossEntropyGradient) = Differentiate(logits, logProbs => -(occupancy * logProbs).sum([0, 2]));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Difference(ours / builtIn, torch.ones_like(builtIn)), Is.LessThan(1e-13), "loss matches");
            Assert.That(Difference(ourGradient, builtInGradient), Is.LessThan(1e-11), "gradient matches");
            Assert.That(Difference(crossEntropyGradient, builtInGradient), Is.LessThan(1e-11), "cross-entropy gradient matches");
        }
    }

    [Test]
    [Category("Slow")]
    public void In_single_precision_we_are_no_further_from_the_truth_than_libtorch()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Tensor logits, Tensor targets) = Draw();
        Tensor single = logits.to(torch.float32);
        (Tensor truth, Tensor trueGradient) = BuiltIn(single.to(torch.float64), targets);
        (Tensor builtIn, Tensor builtInGradient) = BuiltIn(single, targets);
        (Tensor ours, Tensor ourGradient, Tensor occupancy) = Ours(single, targets);
        Tensor fromOccupancy = single.softmax(2) - occupancy;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Difference(ourGradient, trueGradient), Is.LessThan(Difference(builtInGradient, trueGradient)));
            Assert.That(Difference(fromOccupancy, trueGradient), Is.LessThan(Difference(builtInGradient, trueGradient)));
            Assert.That(Difference(ours, truth), Is.LessThanOrEqualTo(Difference(builtIn, truth)));
        }
    }

    // pytorch issue 181534: libtorch's gradient with respect to log-probabilities gives the unused token a slope. Ours is −γ.
    [Test]
    public void The_gradient_with_respect_to_log_probabilities_is_the_true_one()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        GoldenCase golden = GoldenCase.Read("pytorch_issue181534_true_gradient");
        var batch = new Batch([[1]], [3], tokens: 3);
        Tensor leaf = golden.Inputs.requires_grad_();
        (-Recursion.LogLikelihood(new CtcTopology().Build(batch).Numerator, leaf, batch.Frames, kind)).sum().backward();

        Tensor exact = GoldenCase.Tensor(golden.Expected["grad_wrt_log_probs_exact"]!);
        Tensor published = GoldenCase.Tensor(golden.Expected["numerical_jacobian_wrt_log_probs"]!);
        Assert.That(Difference(leaf.grad!, exact), Is.LessThan(golden.Tolerance("exact_abs")));
        Assert.That(Difference(leaf.grad!.flatten(), published), Is.LessThan(golden.Tolerance("published_abs")));
        Assert.That(leaf.grad![.., .., 2].abs().sum().ToDouble(), Is.Zero);
    }

    private static (Tensor Logits, Tensor Targets) Draw()
    {
        var generator = new torch.Generator(1);
        return (
            torch.randn([Frames, Utterances, Tokens], torch.float64, generator: generator),
            torch.randint(1, Tokens, [Utterances, Length], torch.int64, generator: generator));
    }

    private static (Tensor Value, Tensor Gradient) BuiltIn(Tensor logits, Tensor targets) =>
        Differentiate(logits, logProbs => torch.nn.functional.ctc_loss(
            logProbs,
            targets,
            torch.full([Utterances], Frames, torch.int64),
            torch.full([Utterances], Length, torch.int64),
            reduction: torch.nn.Reduction.None));

    private (Tensor Value, Tensor Gradient, Tensor Occupancy) Ours(Tensor logits, Tensor targets)
    {
        long[][] rows = [.. targets.data<long>().ToArray().Chunk(Length)];
        var batch = new Batch(rows, [.. Enumerable.Repeat((long)Frames, Utterances)], Tokens);
        Lattice lattice = new CtcTopology().Build(batch).Numerator;
        (Tensor value, Tensor gradient) = Differentiate(logits, logProbs => -Recursion.LogLikelihood(lattice, logProbs, batch.Frames, kind));
        return (value, gradient, Recursion.Occupancy(lattice, logits.log_softmax(2), batch.Frames, kind));
    }

    private static (Tensor Value, Tensor Gradient) Differentiate(Tensor logits, Func<Tensor, Tensor> loss)
    {
        Tensor leaf = logits.detach().clone().requires_grad_();
        Tensor value = loss(leaf.log_softmax(2));
        value.sum().backward();
        return (value.detach(), leaf.grad!);
    }

    private static double Difference(Tensor a, Tensor b) => Distance.Between(a, b);
}
