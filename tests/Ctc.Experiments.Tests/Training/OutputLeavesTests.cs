using Ctc.Experiments.Training;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Training;

public class OutputLeavesTests
{
    [Test]
    public void Logits_and_streams_go_back_together_as_in_one_graph()
    {
        using var scope = torch.NewDisposeScope();
        Tensor weight = torch.tensor(new[] { 2.0, -1.0 }, requires_grad: true);
        EncoderOutput Read() => new(weight * 3) { Streams = new Dictionary<string, Tensor> { ["a"] = weight.square(), ["b"] = weight + 1 } };
        static Tensor Loss(EncoderOutput output) => (output.Logits.exp() * output.Streams["a"]).sum();

        var leaves = OutputLeaves.Create(Read());
        Loss(leaves.Output).backward();
        leaves.Backward();
        Tensor found = weight.grad!.clone();
        weight.grad.zero_();
        Loss(Read()).backward();
        Assert.That(Distance.Between(found, weight.grad), Is.LessThan(1e-9 * 2000));
    }

    [Test]
    public void Where_nothing_has_a_gradient_nothing_goes_back()
    {
        using var scope = torch.NewDisposeScope();
        Tensor weight = torch.ones(2, requires_grad: true);
        OutputLeaves.Create(new EncoderOutput(weight * 2)).Backward();
        var constant = OutputLeaves.Create(new EncoderOutput(torch.ones(2)));
        constant.Output.Logits.sum().backward();
        constant.Backward();
        Assert.That(weight.grad, Is.Null);
    }
}
