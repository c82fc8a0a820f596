using Ctc.Engine.Decoding;
using Ctc.Engine.Recursions;
using Ctc.Engine.Recursions.Transducer;
using Ctc.Testing.Oracles;
using Ctc.Tests;
using TorchSharp.Modules;

namespace Ctc.Engine.Tests.Recursions.Transducer;

/// <summary>The likelihood from the inputs of a joint network, in chunks, against that from a tensor of its logits.</summary>
[NoTensorLeaks]
public class JointTests
{
    private const double Lambda = 0.25;

    private static readonly Batch Ragged = new([[1, 2, 2], [], [3], [1]], [5, 4, 0, 3], tokens: 4);

    [TestCase(1L, true)] // one frame at a time
    [TestCase(300L, false)] // some frames
    [TestCase(1L << 20, true)] // an utterance
    public void Values_and_gradients_are_those_of_a_tensor_of_logits(long bytesOfChunk, bool hasBias)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor factors = torch.tensor([1.0, -2, 3, 0.5]);
        foreach (torch.ScalarType type in new[] { torch.float64, torch.float32 })
        {
            TransducerOutput chunks = Draw(hasBias, type), whole = Draw(hasBias, type);
            Tensor value = JointLogPartition.Compute(Ragged, chunks, Lambda, bytesOfChunk);
            (value.masked_select(value.isfinite()) * factors.to(type).masked_select(value.isfinite())).sum().backward();
            TransducerOutput valid = TransducerInputs.WithoutPadding(Ragged, whole);
            Tensor expected = TransducerRecursion.LogLikelihoodFromLogits(Ragged, valid.ComputeLogits(), RecursionKind.Differentiable, Lambda);
            (expected.masked_select(expected.isfinite()) * factors.to(type).masked_select(expected.isfinite())).sum().backward();

            double near = type == torch.float64 ? 1e-12 : 1e-5;
            Assert.That(Distance.Between(value.exp(), expected.exp()), Is.LessThan(near));
            foreach ((Tensor own, Tensor other) in Inputs(chunks).Zip(Inputs(whole)))
            {
                Assert.That(Distance.Between(own.grad!, other.grad!), Is.LessThan(near));
            }
        }
    }

    [TestCase(RecursionKind.Fused)]
    [TestCase(RecursionKind.Differentiable)]
    public void Gradients_of_first_and_second_order_are_those_of_finite_differences(RecursionKind kind)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var batch = new Batch([[1, 2], [3]], [3, 2], tokens: 4);
        Tensor point = torch.randn([(2 * 3 * 2) + (2 * 3 * 2) + (4 * 2) + 4], torch.float64, generator: new torch.Generator(3));
        Tensor Sum(Tensor all)
        {
            Tensor[] parts = all.split([12L, 12L, 8L, 4L]);
            var output = new TransducerOutput(parts[0].view(2, 3, 2), parts[1].view(2, 3, 2), parts[2].view(4, 2), parts[3]);
            return TransducerRecursion.LogLikelihoodFromJoint(batch, output, kind).sum();
        }

        Assert.That(Distance.Between(FiniteDifferences.Autograd(Sum, point), FiniteDifferences.Gradient(Sum, point)), Is.LessThan(1e-7));
        Tensor direction = torch.randn(point.shape, torch.float64, generator: new torch.Generator(4));
        Tensor before = FiniteDifferences.Autograd(Sum, point - (1e-5 * direction));
        Tensor after = FiniteDifferences.Autograd(Sum, point + (1e-5 * direction));
        Assert.That(Distance.Between(FiniteDifferences.HessianVectorProduct(Sum, point, direction), (after - before) / 2e-5), Is.LessThan(1e-7));
    }

    [Test]
    public void Wrong_inputs_are_refused()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor frames = torch.zeros(1, 2, 3), predictions = torch.zeros(1, 2, 3), weight = torch.zeros(4, 3);
        Assert.That(
            () => new TransducerOutput(frames, torch.zeros(1, 2, 5), weight, null),
            Throws.ArgumentException.With.Message.StartsWith("The predictions have shape [1, 2, 5]; expected [1, U+1, 3]."));
        Assert.That(() => new TransducerOutput(frames, predictions, torch.zeros(4, 2), null), Throws.ArgumentException);
        Assert.That(() => new TransducerOutput(frames, predictions, weight.to(torch.float64), null), Throws.ArgumentException);
        var output = new TransducerOutput(frames, predictions, weight, null);
        Assert.That(
            () => TransducerRecursion.LogLikelihoodFromJoint(new Batch([[1, 2]], [2], 4), output),
            Throws.ArgumentException.With.Message.Contains("U+1 of 3 or more"));
    }

    // A task that needs the prediction network: in frames that are all alike, two tokens alternate.
    [Test]
    public void A_model_trains_and_its_greedy_reading_is_the_target()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        long[][] targets = [[1, 2, 1, 2], [2, 1], [1]];
        var batch = new Batch(targets, [8, 8, 8], tokens: 3);
        var generator = new torch.Generator(5);
        Parameter Draw(params long[] shape) => torch.nn.Parameter(torch.randn(shape, generator: generator).mul_(0.5));
        Parameter frames = Draw(3, 8, 16), embedding = Draw(3, 16), weight = Draw(3, 16), bias = Draw(3);
        using torch.optim.Optimizer optimizer = torch.optim.Adam([frames, embedding, weight, bias], lr: 0.05);
        for (int step = 0; step < 80; step++)
        {
            using DisposeScope ofStep = torch.NewDisposeScope();
            Tensor before = torch.tensor([.. targets.SelectMany(target => target.Prepend(0).Concat(new long[4 - target.Length]))], [3, 5]);
            var output = new TransducerOutput(frames, embedding.index_select(0, before.flatten()).view(3, 5, 16), weight, bias);
            Tensor loss = -TransducerRecursion.LogLikelihoodFromJoint(batch, output).sum();
            optimizer.zero_grad();
            loss.backward();
            optimizer.step();
        }

        for (int b = 0; b < targets.Length; b++)
        {
            var model = new LastToken(frames[b], embedding, weight, bias);
            Assert.That(TransducerDecoder.Greedy(model).Tokens, Is.EqualTo(targets[b]));
            Assert.That(TransducerDecoder.Beam(model, width: 5)[0].Tokens, Is.EqualTo(targets[b]));
        }
    }

    private static TransducerOutput Draw(bool hasBias, torch.ScalarType type)
    {
        var generator = new torch.Generator(7);
        Tensor One(params long[] shape) => torch.randn(shape, torch.float64, generator: generator).to(type);
        (Tensor frames, Tensor predictions, Tensor weight, Tensor bias) = (One(4, 6, 3), One(4, 5, 3), One(4, 3), One(4));
        for (int b = 0; b < 4; b++)
        {
            frames[b].narrow(0, Ragged.Frames[b], 6 - Ragged.Frames[b]).fill_(double.NaN);
            int used = Ragged.Targets[b].Length + 1;
            predictions[b].narrow(0, used, 5 - used).fill_(double.NaN);
        }

        foreach (Tensor input in new[] { frames, predictions, weight, bias }) input.requires_grad_();
        return new TransducerOutput(frames, predictions, weight, hasBias ? bias : null);
    }

    private static IEnumerable<Tensor> Inputs(TransducerOutput output) =>
        new[] { output.Frames, output.Predictions, output.Weight, output.Bias }.OfType<Tensor>();

    /// <summary>A prediction network that knows the last token.</summary>
    private sealed class LastToken(Tensor frames, Tensor embedding, Tensor weight, Tensor bias) : ITransducerModel<long>
    {
        public int Frames => (int)frames.shape[0];

        public long Start => 0;

        public long Advance(long state, long token) => token;

        public ReadOnlySpan<double> LogProbs(int frame, long state)
        {
            using DisposeScope scope = torch.NewDisposeScope();
            Tensor logits = torch.nn.functional.linear((frames[frame] + embedding[state]).tanh(), weight, bias);
            return logits.detach().log_softmax(0).to(torch.float64).data<double>().ToArray();
        }
    }
}
