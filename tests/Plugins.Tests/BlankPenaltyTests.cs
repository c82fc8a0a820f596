using System.Globalization;
using Ctc.Engine.Objectives;
using Ctc.Tests;

namespace Ctc.Plugins.Tests;

[NoTensorLeaks]
public class BlankPenaltyTests
{
    [TestCase(false, "unnormalised")]
    [TestCase(true, "renormalised")]
    public void Loss_and_gradient_are_those_of_the_enumeration(bool renormalise, string name)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        GoldenCase golden = GoldenCase.Read("derived_blank_penalty");
        using Objective penalised = new(Parts($"lambda: 1, renormalise: {renormalise}"), Reduction.Sum);
        Tensor leaf = golden.Inputs.requires_grad_();

        ObjectiveResult result = penalised.Evaluate(leaf, golden.Batch);
        result.Loss.backward();

        Assert.That(
            result.PerUtterance.data<double>().ToArray(), Is.EqualTo(GoldenCase.Numbers<double>(golden.Expected[$"loss_{name}"]!))
                .Within(golden.Tolerance("loss_abs")));
        Assert.That(Distance.Between(leaf.grad!, GoldenCase.Tensor(golden.Expected[$"grad_{name}"]!)), Is.LessThan(golden.Tolerance("grad_abs")));
    }

    // Two uniform frames, target "1": the penalty of the path 11 is 0, that of 1- and -1 is λ.
    [TestCase(1.5)]
    [TestCase(-0.5)]
    public void Each_blank_on_a_path_pays_once(double lambda)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var batch = new Batch([[0]], [2], tokens: 2, blank: 1);
        using Objective penalised = new(Parts(string.Create(CultureInfo.InvariantCulture, $"lambda: {lambda}")));
        Assert.That(
            penalised.Evaluate(torch.zeros([2, 1, 2], torch.float64), batch).Loss.ToDouble(), Is.EqualTo(Math.Log(4 / (1 + (2 * Math.Exp(-lambda)))))
                .Within(1e-14));
    }

    [Test]
    public void Normalising_again_changes_the_value_and_not_the_occupancy([Range(0, 9)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase random = RandomCase.Draw(seed);
        using Objective raw = new(Parts("lambda: 2")), normalised = new(Parts("lambda: 2, renormalise: true"));
        Evaluation one = raw.Inspect(random.Logits, random.Batch), other = normalised.Inspect(random.Logits, random.Batch);
        Assert.That(Distance.Between(one.Occupancy, other.Occupancy), Is.LessThan(1e-14));
        Assert.That(Distance.Between(one.Loss, other.Loss), Is.LessThan(1e-12), "L̂ is that of renormalised scores in any case");
    }

    [Test]
    [Category("Slow")]
    public void Gradients_equal_finite_differences([Range(0, 19)] int seed, [Values("", "lambda: -2", "lambda: 3, renormalise: true")] string options)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Gradients.AssertTrue(Parts(options), RandomCase.Draw(seed));
    }

    [Test]
    public void Without_a_blank_there_is_nothing_to_penalise()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        IEmissionTransform part = DiscoveredPart.Create<IEmissionTransform>("blank-penalty");
        Assert.That(
            () => part.Transform(torch.zeros(1, 1, 2), new Batch([[1]], [1], tokens: 2, blank: null)),
            Throws.ArgumentException.With.Message.EqualTo(
                "The emission transform blank-penalty needs a blank, and the batch has none. (Parameter 'batch')"));
    }

    private static ObjectiveParts Parts(string options) =>
        new() { Emissions = [DiscoveredPart.Create<IEmissionTransform>("blank-penalty", options)] };
}
