using Ctc.Engine.Recursions;
using Ctc.Engine.Recursions.Fused.Memory;
using Ctc.Engine.Topologies;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Recursions.Fused;

/// <summary>Large gradients are written past the caches, and are the same to the last bit.</summary>
[NoTensorLeaks]
public class StreamedRowTests
{
    // An odd vocabulary: rows begin anywhere in a vector. In one utterance frames are padding, another has no path.
    [Test]
    public void A_gradient_that_is_streamed_has_the_bits_of_one_that_is_not([Values] bool logits, [Values] bool singles)
    {
        const int Frames = 20, Few = 3, Many = 30, Tokens = 14_003;
        using DisposeScope scope = torch.NewDisposeScope();
        torch.ScalarType type = singles ? torch.float32 : torch.float64;
        Assert.That(TensorMemory<float>.IsStreamed(Frames * Many * Tokens) && !TensorMemory<double>.IsStreamed(Frames * Few * Tokens));
        Tensor scores = torch.randn([Frames, Many, Tokens], type, generator: new torch.Generator(1));
        long[][] targets = [.. Enumerable.Range(0, Many).Select(b => new long[] { 1 + b, 14_000, 1 + b, 7 })];
        targets[2] = [.. Enumerable.Range(1, Frames + 1).Select(u => (long)u)];
        long[] frames = [.. Enumerable.Range(0, Many).Select(b => b == 1 ? Frames - 3L : Frames)];
        Tensor many = Gradient(Many), few = Gradient(Few);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(many.narrow(1, 0, Few).equal(few).all().item<bool>());
            Assert.That(few.select(1, 0).count_nonzero().item<long>(), Is.Positive, "the case is not vacuous");
        }

        Tensor Gradient(int count)
        {
            var batch = new Batch(targets[..count], frames[..count], Tokens);
            Lattice lattice = new CtcTopology().Build(batch).Numerator;
            Tensor leaf = scores.narrow(1, 0, count).contiguous().detach().requires_grad_();
            Tensor likelihood = logits
                ? Recursion.LogLikelihoodFromLogits(lattice, leaf, batch.Frames, RecursionKind.Fused)
                : Recursion.LogLikelihood(lattice, leaf, batch.Frames, RecursionKind.Fused);
            likelihood.masked_fill(likelihood.isneginf(), 0).sum().backward();
            return leaf.grad!;
        }
    }

    [Test]
    public void Numbers_are_streamed_to_any_place([Range(0, 9)] int start, [Values(0, 1, 7, 8, 9, 40)] int length)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        AssertStreamed<float>(torch.float32);
        AssertStreamed<double>(torch.float64);

        void AssertStreamed<T>(torch.ScalarType type)
            where T : unmanaged
        {
            Tensor to = torch.zeros([60], type), numbers = torch.arange(1, length + 1, type), expected = to.clone();
            expected.narrow(0, start, length).copy_(numbers);
            new TensorMemory<T>(to).Stream(start, numbers.data<T>().ToArray());
            Assert.That(to.equal(expected).all().item<bool>());
        }
    }
}
