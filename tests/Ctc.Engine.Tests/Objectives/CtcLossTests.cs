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

    private static (Tensor Loss, Tensor Gradient) Differentiate(Tensor logits, Func<Tensor, Tensor> loss)
    {
        Tensor leaf = logits.clone().requires_grad_();
        Tensor value = loss(leaf.log_softmax(2));
        value.sum().backward();
        return (value.detach(), leaf.grad!);
    }
}
