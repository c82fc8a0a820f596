using Ctc.Engine.Objectives;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Objectives;

[NoTensorLeaks]
public class CtcLossTests
{
    private static readonly long[] InputLengths = [9, 7, 5], TargetLengths = [3, 2, 0];

    [Test]
    public void Values_are_those_of_torch_and_so_are_gradients_through_a_log_softmax(
        [Values(Reduction.None, Reduction.Sum, Reduction.Mean)] Reduction reduction,
        [Values] bool concatenated,
        [Values(torch.ScalarType.Int32, torch.ScalarType.Int64)] torch.ScalarType type,
        [Values(0, 4)] int blank)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor logits = torch.randn([9, 3, 5], torch.float64, generator: new torch.Generator(3));
        Tensor targets = (concatenated ? torch.tensor([1, 2, 2, 3, 1]) : torch.tensor([1, 2, 2, 3, 1, 1, 2, 3, 1], [3, 3])).to(type);
        Tensor inputs = torch.tensor(InputLengths).to(type), lengths = torch.tensor(TargetLengths).to(type);
        using var ours = new CtcLoss(blank, reduction);
        torch.nn.Reduction torchReduction = reduction switch
        {
            Reduction.None => torch.nn.Reduction.None,
            Reduction.Sum => torch.nn.Reduction.Sum,
            _ => torch.nn.Reduction.Mean,
        };

        (Tensor loss, Tensor gradient) = Differentiate(logits, logProbs => ours.forward(logProbs, targets, inputs, lengths));
        (Tensor expected, Tensor expectedGradient) = Differentiate(
            logits, logProbs => torch.nn.functional.ctc_loss(logProbs, targets, inputs, lengths, blank, reduction: torchReduction));

        Assert.That((loss - expected).abs().max().ToDouble(), Is.LessThan(1e-12));
        Assert.That((gradient - expectedGradient).abs().max().ToDouble(), Is.LessThan(1e-12));
    }

    [TestCase(true, 0.0)]
    [TestCase(false, double.PositiveInfinity)]
    public void Infeasible_utterances_are_infinite_or_zero_and_never_NaN(bool zeroInfinity, double loss)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var ours = new CtcLoss(reduction: Reduction.None, zeroInfinity: zeroInfinity);
        Tensor leaf = torch.zeros([1, 1, 3], torch.float64).requires_grad_();
        Tensor result = ours.forward(leaf, torch.tensor([1L, 2], [1, 2]), torch.tensor([1L]), torch.tensor([2L]));
        result.sum().backward();
        Assert.That(result[0].ToDouble(), Is.EqualTo(loss));
        Assert.That(leaf.grad!.abs().sum().ToDouble(), Is.Zero);
    }

    [Test]
    public void Shapes_that_do_not_fit_are_refused()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var ours = new CtcLoss();
        Tensor logProbs = torch.zeros(2, 1, 3), two = torch.tensor([2L]);
        Assert.That(
            () => ours.forward(logProbs, torch.tensor([1L]), two, two),
            Throws.ArgumentException.With.Message.EqualTo("There are 1 target tokens; expected 2, as the target lengths say. (Parameter 'targets')"));
        Assert.That(
            () => ours.forward(logProbs, torch.tensor([1L], [1, 1]), two, two),
            Throws.ArgumentException.With.Message.EqualTo(
                "The targets have shape [1, 1]; expected [1, 2] or wider, as the target lengths say. (Parameter 'targets')"));
        Assert.That(
            () => ours.forward(logProbs, torch.tensor([1L, 3]), two, two),
            Throws.ArgumentException.With.Message.Contains("expected a token in [0, 3)"));
    }

    [Test]
    public void Tensors_of_other_types_are_refused_and_not_truncated()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var ours = new CtcLoss();
        Tensor logProbs = torch.zeros(2, 1, 3).log_softmax(2), targets = torch.tensor([1L], [1, 1]);
        Tensor two = torch.tensor([2L]), one = torch.tensor([1L]);
        const string whole = "expected whole numbers, such as Int32 or Int64.";
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                () => ours.forward(logProbs, targets, torch.tensor([1.9f]), one),
                Throws.ArgumentException.With.Message.EqualTo($"The tensor is of type Float32; {whole} (Parameter 'inputLengths')"));
            Assert.That(
                () => ours.forward(logProbs, targets, two, torch.tensor([true])),
                Throws.ArgumentException.With.Message.EqualTo($"The tensor is of type Bool; {whole} (Parameter 'targetLengths')"));
            Assert.That(
                () => ours.forward(logProbs, torch.tensor([1.5], [1, 1]), two, one),
                Throws.ArgumentException.With.Message.EqualTo($"The tensor is of type Float64; {whole} (Parameter 'targets')"));
            Assert.That(
                () => ours.forward(torch.zeros([2, 1, 3], torch.int64), targets, two, one),
                Throws.ArgumentException.With.Message.StartsWith("The scores are of type Int64; expected Float16, BFloat16, Float32 or Float64."));
            Assert.That(
                () => ours.forward(torch.zeros([2, 1, 3], torch.complex64), targets, two, one),
                Throws.ArgumentException.With.Message.StartsWith("The scores are of type ComplexFloat32; expected Float16"));
            Assert.That(
                () => ours.forward(logProbs, targets, torch.tensor([2L, 2L]), one),
                Throws.ArgumentException.With.Message.EqualTo(
                    "There are 2 lengths for 1 utterances; expected one for each. (Parameter 'inputLengths')"));
            Assert.That(
                () => ours.forward(torch.zeros([3]), targets, two, one),
                Throws.ArgumentException.With.Message.StartsWith("The log-probabilities have shape [3]; expected [T, B, V], or [T, V]"));
            Assert.That(ours.forward(logProbs, targets.to(torch.uint8), two.to(torch.int16), one.to(torch.int8)).ToDouble(),
                Is.EqualTo(Math.Log(3)).Within(1e-6), "3 of 9 paths");
        }
    }

    [Test]
    public void Empty_targets_have_a_width_of_zero()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var ours = new CtcLoss(reduction: Reduction.Sum);
        Tensor logProbs = torch.zeros([2, 3, 4], torch.float64).log_softmax(2), none = torch.zeros([3], torch.int64);
        Tensor loss = ours.forward(logProbs, torch.zeros([3, 0], torch.int64), torch.tensor([2L, 1, 0]), none);
        Assert.That(loss.ToDouble(), Is.EqualTo(3 * Math.Log(4)).Within(1e-14));
    }

    [TestCase(Reduction.None)]
    [TestCase(Reduction.Sum)]
    [TestCase(Reduction.Mean)]
    public void A_batch_may_be_empty(Reduction reduction)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var ours = new CtcLoss(reduction: reduction);
        Tensor logProbs = torch.zeros([5, 0, 4]).requires_grad_(), none = torch.zeros([0], torch.int64);
        Tensor loss = ours.forward(logProbs, torch.zeros([0, 0], torch.int64), none, none);
        loss.sum().backward();
        Assert.That(loss.shape, Is.EqualTo(reduction == Reduction.None ? new long[] { 0 } : []));
        Assert.That(loss.sum().ToDouble(), Is.Zero);
        Assert.That(logProbs.grad!.shape, Is.EqualTo(new long[] { 5, 0, 4 }));
    }

    [Test]
    public void One_utterance_needs_no_dimension_for_the_batch([Values(Reduction.None, Reduction.Sum, Reduction.Mean)] Reduction reduction)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor logProbs = torch.randn([9, 5], torch.float64, generator: new torch.Generator(3)).log_softmax(1).requires_grad_();
        Tensor targets = torch.tensor([1L, 2, 2]);
        using var ours = new CtcLoss(reduction: reduction);
        Tensor batched = ours.forward(logProbs.unsqueeze(1), targets.unsqueeze(0), [9], [3]);
        Tensor single = ours.forward(logProbs, targets, torch.tensor(9L), torch.tensor(3));
        single.backward();
        Assert.That(single.shape, Is.Empty);
        Assert.That(single.ToDouble(), Is.EqualTo(batched.sum().ToDouble()));
        Assert.That(logProbs.grad!.sum().ToDouble(), Is.EqualTo(-9.0 / (reduction == Reduction.Mean ? 3 : 1)).Within(1e-12), "−γ");
    }

    [Test]
    public void Lengths_may_be_arrays()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor logProbs = torch.randn([9, 3, 5], torch.float64, generator: new torch.Generator(3)).log_softmax(2);
        Tensor targets = torch.tensor([1L, 2, 2, 3, 1]);
        using var ours = new CtcLoss();
        double ofTensors = ours.forward(logProbs, targets, torch.tensor(InputLengths), torch.tensor(TargetLengths)).ToDouble();
        Assert.That(ours.forward(logProbs, targets, InputLengths, TargetLengths).ToDouble(), Is.EqualTo(ofTensors));
    }

    private static (Tensor Loss, Tensor Gradient) Differentiate(Tensor logits, Func<Tensor, Tensor> loss)
    {
        Tensor leaf = logits.clone().requires_grad_();
        Tensor value = loss(leaf.log_softmax(2));
        value.sum().backward();
        return (value.detach(), leaf.grad!);
    }
}
