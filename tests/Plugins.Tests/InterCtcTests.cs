using Ctc.Engine.Objectives;
using Ctc.Testing.Oracles;
using Ctc.Tests;

namespace Ctc.Plugins.Tests;

[NoTensorLeaks]
public class InterCtcTests
{
    [Test]
    public void The_loss_is_a_mixture_of_those_of_output_and_streams([Range(0, 9)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase drawn = RandomCase.Draw(seed);
        Tensor lower = Other(drawn, seed + 100), upper = Other(drawn, seed + 200);
        using Objective mixed = new(Parts(0.3, "lower", "upper"), Reduction.None, InfeasiblePolicy.Zero);
        using Objective plain = new(new ObjectiveParts(), Reduction.None, InfeasiblePolicy.Zero);
        Tensor Loss(Tensor logits) => plain.Evaluate(logits, drawn.Batch).Loss;

        Tensor expected = (0.7 * Loss(drawn.Logits)) + (0.15 * (Loss(lower) + Loss(upper)));
        Tensor found = mixed.Evaluate(Output(drawn.Logits, ("lower", lower), ("upper", upper)), drawn.Batch).Loss;
        Assert.That(Distance.Between(found, expected), Is.LessThan(1e-9));
    }

    [Test]
    [Category("Slow")]
    public void Gradients_reach_output_and_stream([Range(0, 9)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase drawn = RandomCase.Draw(seed, longest: 4);
        using Objective mixed = new(Parts(0.4, "middle"), Reduction.Sum, InfeasiblePolicy.Zero);
        Tensor Loss(Tensor both) =>
            mixed.Evaluate(Output(both[0], ("middle", both[1])), drawn.Batch).Loss;

        Tensor point = torch.stack([drawn.Logits, Other(drawn, seed + 100)]);
        Assert.That(Distance.Between(FiniteDifferences.Autograd(Loss, point), FiniteDifferences.Gradient(Loss, point)), Is.LessThan(1e-7));
    }

    [Test]
    public void A_head_of_the_objective_is_the_same([Range(0, 4)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase drawn = RandomCase.Draw(seed);
        Tensor middle = Other(drawn, seed + 100);
        using Objective term = new(Parts(0.3, "middle"), Reduction.Sum, InfeasiblePolicy.Zero);
        using Objective head = new(
            new ObjectiveParts(), Reduction.Sum, InfeasiblePolicy.Zero, heads: [new ObjectiveHead("middle", new ObjectiveParts(), 0.3)], weight: 0.7);
        Tensor Loss(Objective objective) => objective.Evaluate(Output(drawn.Logits, ("middle", middle)), drawn.Batch).Loss;
        Assert.That(Distance.Between(Loss(term), Loss(head)), Is.LessThan(1e-9));
    }

    [Test]
    public void A_stream_that_the_encoder_does_not_give_is_named()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using Objective mixed = new(Parts(0.3, "centre"));
        Tensor logits = torch.zeros([2, 1, 3], torch.float64);
        Assert.That(
            () => mixed.Evaluate(Output(logits, ("middle", logits)), new Batch([[1]], [2], tokens: 3)),
            Throws.ArgumentException.With.Message.Contains("centre").And.Message.Contains("middle"));
    }

    private static EncoderOutput Output(Tensor logits, params (string Name, Tensor Stream)[] streams) =>
        new(logits) { Streams = streams.ToDictionary(stream => stream.Name, stream => stream.Stream) };

    private static Tensor Other(RandomCase drawn, int seed) =>
        torch.randn(drawn.Logits.shape, torch.float64, generator: new torch.Generator((ulong)seed));

    private static ObjectiveParts Parts(double weight, params string[] streams) =>
        new() { Auxiliary = [DiscoveredPart.Create<IAuxiliaryTerm>("inter-ctc", ("Weight", weight), ("Streams", streams))] };
}
