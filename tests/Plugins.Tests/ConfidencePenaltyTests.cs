using Ctc.Engine.Objectives;
using Ctc.Tests;

namespace Ctc.Plugins.Tests;

[NoTensorLeaks]
public class ConfidencePenaltyTests
{
    // Target "1" in one uniform frame, and in two frames, the second of them certain.
    [Test]
    public void A_nat_of_entropy_is_worth_beta()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using Objective penalised = new(Parts("beta: 0.5"), Reduction.None);
        Tensor logits = torch.zeros([2, 2, 4], torch.float64);
        logits[1, 1] = torch.tensor([double.NegativeInfinity, 0, double.NegativeInfinity, double.NegativeInfinity]);
        logits[1, 0] = torch.tensor(double.NaN); // padding

        Tensor loss = penalised.Evaluate(logits, new Batch([[1], [1]], [1, 2], tokens: 4)).Loss;

        double frame = 0.5 * Math.Log(4);
        Assert.That(loss.data<double>().ToArray(), Is.EqualTo(new[] { Math.Log(4) - frame, Math.Log(2) - frame }).Within(1e-15));
    }

    [Test]
    public void It_is_the_divergence_from_uniform_with_an_undiminished_likelihood([Range(0, 9)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase random = RandomCase.Draw(seed);
        Tensor Loss(ObjectiveParts parts) => new Objective(parts, Reduction.None, InfeasiblePolicy.Zero).Evaluate(random.Logits, random.Batch).Loss;
        IAuxiliaryTerm divergence = DiscoveredPart.Create<IAuxiliaryTerm>("uniform-kl", "alpha: 0.3");
        Tensor frames = torch.tensor(random.Batch.Frames.ToArray(), torch.float64), plain = Loss(new ObjectiveParts());
        Tensor expected = Loss(new ObjectiveParts { Auxiliary = [divergence] }) + (plain * 0.3) - (frames * 0.3 * Math.Log(random.Batch.Tokens));
        Tensor feasible = new Objective(new ObjectiveParts()).Inspect(random.Logits, random.Batch).Feasible;
        Tensor difference = torch.where(feasible, Loss(Parts("beta: 0.3")) - expected, torch.zeros_like(expected));
        Assert.That(Distance.Between(difference, torch.zeros_like(difference)), Is.LessThan(1e-12));
    }

    [Test]
    [Category("Slow")]
    public void Gradients_equal_finite_differences([Range(0, 19)] int seed, [Values("", "beta: 2")] string options)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Gradients.AssertTrue(Parts(options), RandomCase.Draw(seed));
    }

    private static ObjectiveParts Parts(string options) =>
        new() { Auxiliary = [DiscoveredPart.Create<IAuxiliaryTerm>("confidence-penalty", options)] };
}
