using Ctc.Engine.Recursions;
using Ctc.Engine.Recursions.Transducer;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Recursions.Transducer;

/// <summary>The fused recursion of a transducer against the differentiable one, at shapes that enumeration cannot reach.</summary>
[NoTensorLeaks]
public class FusedTransducerTests
{
    [TestCase(50, 20, 40)] // more than two vectors of tokens, and of V
    [TestCase(7, 60, 5)] // more tokens than frames
    [TestCase(1, 8, 17)]
    public void Values_and_gradients_are_those_of_the_differentiable_recursion(int frames, int length, int tokens)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Batch batch, Tensor logits) = Draw(frames, length, tokens);
        foreach (bool isLogits in new[] { true, false })
        {
            (Tensor value, Tensor gradient) = Differentiate(batch, logits, isLogits, RecursionKind.Fused);
            (Tensor expected, Tensor slope) = Differentiate(batch, logits, isLogits, RecursionKind.Differentiable);
            Assert.That(Distance.Between(value, expected), Is.LessThan(1e-10));
            Assert.That(Distance.Between(gradient, slope), Is.LessThan(1e-11));

            (Tensor single, Tensor singleGradient) = Differentiate(batch, logits.to(torch.float32), isLogits, RecursionKind.Fused);
            Assert.That(Distance.Between(single.to(torch.float64) / expected, torch.ones_like(expected)), Is.LessThan(1e-6));
            Assert.That(Distance.Between(singleGradient.to(torch.float64), slope), Is.LessThan(2e-5));
        }
    }

    [Test]
    public void Nothing_underflows_where_a_model_is_certain_and_wrong()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Batch batch, Tensor logits) = Draw(30, 10, 6);
        (Tensor value, Tensor gradient) = Differentiate(batch, logits * 500, true, RecursionKind.Fused);
        (Tensor expected, Tensor slope) = Differentiate(batch, logits * 500, true, RecursionKind.Differentiable);
        Assert.That(expected.max().item<double>(), Is.LessThan(-10_000));
        Assert.That(Distance.Between(value / expected, torch.ones_like(value)), Is.LessThan(1e-12));
        Assert.That(Distance.Between(gradient, slope), Is.LessThan(1e-9));
    }

    [Test]
    public void The_number_of_threads_changes_no_bit()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Batch batch, Tensor logits) = Draw(20, 6, 9);
        int before = torch.get_num_threads();
        try
        {
            torch.set_num_threads(1);
            (Tensor value, Tensor gradient) = Differentiate(batch, logits, true, RecursionKind.Fused);
            torch.set_num_threads(3);
            (Tensor others, Tensor othersGradient) = Differentiate(batch, logits, true, RecursionKind.Fused);
            Assert.That(Distance.Between(value, others), Is.Zero);
            Assert.That(Distance.Between(gradient, othersGradient), Is.Zero);
        }
        finally
        {
            torch.set_num_threads(before);
        }
    }

    private static (Batch Batch, Tensor Logits) Draw(int frames, int length, int tokens)
    {
        var random = new Random(frames);
        int[] lengths = [length, Math.Max(length - 5, 0), length / 2];
        long[][] targets = [.. lengths.Select(count => Enumerable.Range(0, count).Select(_ => random.NextInt64(1, tokens)).ToArray())];
        var batch = new Batch(targets, [frames, Math.Max(frames - 3, 1), frames], tokens);
        return (batch, 2 * torch.randn([3, frames, length + 1, tokens], torch.float64, generator: new torch.Generator(1)));
    }

    private static (Tensor Value, Tensor Gradient) Differentiate(Batch batch, Tensor scores, bool logits, RecursionKind kind)
    {
        Tensor leaf = scores.detach().clone().requires_grad_();
        Tensor value = logits
            ? TransducerRecursion.LogLikelihoodFromLogits(batch, leaf, kind)
            : TransducerRecursion.LogLikelihood(batch, leaf, kind);
        (value * torch.tensor([1.0, -2, 0.5]).to(value.dtype)).sum().backward();
        return (value.detach(), leaf.grad!);
    }
}
