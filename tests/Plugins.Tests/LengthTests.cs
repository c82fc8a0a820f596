using Ctc.Engine.Objectives;
using Ctc.Tests;

namespace Ctc.Plugins.Tests;

[NoTensorLeaks]
public class LengthTests
{
    private static readonly Batch Batch = new([[1, 2, 1, 2], [1], [], []], [9, 4, 1, 0], tokens: 3);

    [TestCase("", new[] { 0.25, 1, 1, 1 })]
    [TestCase("by: tokens, power: 0.5", new[] { 0.5, 1, 1, 1 })]
    [TestCase("by: frames", new[] { 1 / 9.0, 0.25, 1, 1 })]
    [TestCase("by: frames, power: 0.5", new[] { 1 / 3.0, 0.5, 1, 1 })]
    [TestCase("by: frames, power: 0", new[] { 1.0, 1, 1, 1 })]
    public void Weight_is_a_power_of_the_length_and_no_length_counts_as_one(string options, double[] expected)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using Objective plain = new(new ObjectiveParts());
        Evaluation evaluation = plain.Inspect(torch.zeros([9, 4, 3], torch.float64), Batch);
        Tensor weights = DiscoveredPart.Create<ILossWeighting>("length", options).Weigh(evaluation);
        Assert.That(weights.data<double>().ToArray(), Is.EqualTo(expected).Within(1e-15));
    }

    [Test]
    public void By_tokens_the_mean_over_utterances_is_what_the_reduction_mean_gives([Range(0, 9)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase random = RandomCase.Draw(seed);
        using Objective scaled = new(Parts("by: tokens"), Reduction.MeanUtterance, InfeasiblePolicy.Drop);
        using Objective plain = new(new ObjectiveParts(), Reduction.Mean, InfeasiblePolicy.Drop);
        double expected = plain.Evaluate(random.Logits, random.Batch).Loss.ToDouble();
        Assert.That(scaled.Evaluate(random.Logits, random.Batch).Loss.ToDouble(), Is.EqualTo(expected).Within(1e-14));
    }

    [Test]
    [Category("Slow")]
    public void Gradients_equal_finite_differences([Range(0, 19)] int seed, [Values("", "by: frames, power: 0.5")] string options)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Gradients.AssertTrue(Parts(options), RandomCase.Draw(seed));
    }

    private static ObjectiveParts Parts(string options) => new() { Weighting = [DiscoveredPart.Create<ILossWeighting>("length", options)] };
}
