using Ctc.Engine.Objectives;
using Ctc.Tests;

namespace Ctc.Plugins.Tests;

[NoTensorLeaks]
public class LabelSmoothingTests
{
    [Test]
    public void Smoothing_the_targets_equals_the_enumeration()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        GoldenCase golden = GoldenCase.Read("derived_label_smoothing");
        using Objective smoothed =
            new(new ObjectiveParts { Targets = [DiscoveredPart.Create<ITargetTransform>("label-smoothing", "epsilon: 0.1")] }, Reduction.Sum);
        Tensor leaf = golden.Inputs.requires_grad_();

        ObjectiveResult result = smoothed.Evaluate(leaf, golden.Batch);
        result.Loss.backward();

        // The golden value is the cross-entropy with γ'; ours has the entropy of the alignment, Σγ·y + L, taken out.
        using Objective plain = new(new ObjectiveParts(), Reduction.None);
        Evaluation lattice = plain.Inspect(golden.Inputs, golden.Batch);
        Tensor entropy = -(lattice.Loss + lattice.SumFrames(Evaluation.Expectation(lattice.Occupancy, lattice.LogProbs)));
        Tensor crossEntropy = result.PerUtterance.detach() + entropy;
        Assert.That(
            crossEntropy.data<double>().ToArray(),
            Is.EqualTo(GoldenCase.Numbers<double>(golden.Expected["ce_value"]!)).Within(golden.Tolerance("loss_abs")));
        Assert.That(
            Distance.Between(leaf.grad!, GoldenCase.Tensor(golden.Expected["grad_target_smoothing"]!)), Is.LessThan(golden.Tolerance("grad_abs")));
    }

    // The golden losses add 0.1 · KL to the whole loss; the paper's form keeps 0.9 of it.
    [TestCase("model-to-uniform", "p_to_uniform")]
    [TestCase("uniform-to-model", "uniform_to_p")]
    public void Either_divergence_equals_the_enumeration(string direction, string name)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        GoldenCase golden = GoldenCase.Read("derived_label_smoothing");
        using Objective regularised = new(
            new ObjectiveParts { Auxiliary = [DiscoveredPart.Create<IAuxiliaryTerm>("uniform-kl", $"alpha: 0.1, direction: {direction}")] },
            Reduction.Sum);
        Tensor leaf = golden.Inputs.requires_grad_();

        ObjectiveResult result = regularised.Evaluate(leaf, golden.Batch);
        result.Loss.backward();

        Assert.That(
            result.PerUtterance.data<double>().ToArray(), Is.EqualTo(GoldenCase.Numbers<double>(golden.Expected[$"loss_kl_{name}"]!))
                .Within(golden.Tolerance("loss_abs")));
        Assert.That(
            Distance.Between(leaf.grad!, GoldenCase.Tensor(golden.Expected[$"grad_kl_{name}"]!)), Is.LessThan(golden.Tolerance("grad_abs")));
    }

    [Test]
    [Category("Slow")]
    public void Gradients_of_smoothed_targets_equal_finite_differences([Range(0, 19)] int seed, [Values("", "epsilon: 0.3")] string options)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Gradients.AssertTrue(
            new ObjectiveParts { Targets = [DiscoveredPart.Create<ITargetTransform>("label-smoothing", options)] }, RandomCase.Draw(seed));
    }

    [Test]
    [Category("Slow")]
    public void Gradients_of_the_divergence_equal_finite_differences(
        [Range(0, 19)] int seed,
        [Values("alpha: 0.2", "alpha: 0.4, direction: uniform-to-model", "alpha: 1")] string options)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Gradients.AssertTrue(
            new ObjectiveParts { Auxiliary = [DiscoveredPart.Create<IAuxiliaryTerm>("uniform-kl", options)] }, RandomCase.Draw(seed));
    }

    [Test]
    public void A_token_of_probability_zero_is_no_NaN_to_the_entropy()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using Objective regularised = new(new ObjectiveParts { Auxiliary = [DiscoveredPart.Create<IAuxiliaryTerm>("uniform-kl", "alpha: 0.1")] });
        Tensor leaf = torch.tensor([0.0, 1, double.NegativeInfinity, 2, 0, double.NegativeInfinity], [2, 1, 3]).requires_grad_();

        ObjectiveResult result = regularised.Evaluate(leaf, new Batch([[1]], [2], tokens: 3));
        result.Loss.backward();

        Assert.That(result.Loss.ToDouble(), Is.Not.NaN);
        Assert.That(leaf.grad!.isnan().any().item<bool>(), Is.False);
    }
}
