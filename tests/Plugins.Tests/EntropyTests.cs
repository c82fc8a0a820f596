using Ctc.Engine.Objectives;
using Ctc.Testing.Oracles;
using Ctc.Tests;

namespace Ctc.Plugins.Tests;

[NoTensorLeaks]
public class EntropyTests
{
    [Test]
    public void The_value_is_that_of_the_enumeration([Range(0, 29)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase random = RandomCase.Draw(seed);
        using Objective objective = Build("beta: 0.3");
        Tensor loss = objective.Evaluate(random.Logits, random.Batch).PerUtterance;
        for (int b = 0; b < random.Batch.Size; b++)
        {
            PathSum paths = PathEnumeration.Ctc(
                RandomCase.Rows(random.Logits.log_softmax(2), b, random.Batch.Frames[b]), random.Batch.Targets[b], random.Batch.Blank!.Value);
            double expected = double.IsNegativeInfinity(paths.LogLikelihood) ? 0 : (-0.7 * paths.LogLikelihood) - (0.3 * paths.Entropy);
            Assert.That(loss[b].ToDouble(), Is.EqualTo(expected).Within(1e-10));
        }
    }

    [Test]
    [Category("Slow")]
    public void Gradients_equal_finite_differences([Range(0, 19)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Gradients.AssertTrue(
            new ObjectiveParts { Auxiliary = [DiscoveredPart.Create<IAuxiliaryTerm>("entropy", "beta: 0.3")] }, RandomCase.Draw(seed));
    }

    [Test]
    public void Second_derivatives_equal_differences_of_the_gradient([Values(1, 5, 9, 14)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase random = RandomCase.Draw(seed);
        using Objective objective = Build("beta: 0.3");
        Tensor direction = torch.randn(random.Logits.shape, torch.float64, generator: new torch.Generator((ulong)seed));
        Tensor Loss(Tensor logits) => objective.Evaluate(logits, random.Batch).Loss;

        Tensor product = FiniteDifferences.HessianVectorProduct(Loss, random.Logits, direction);
        Tensor differences = FiniteDifferences.Along(logits => FiniteDifferences.Autograd(Loss, logits), random.Logits, direction);
        Assert.That(Distance.Between(product, differences), Is.LessThan(1e-7));
    }

    private static Objective Build(string options) =>
        new(new ObjectiveParts { Auxiliary = [DiscoveredPart.Create<IAuxiliaryTerm>("entropy", options)] }, Reduction.Sum, InfeasiblePolicy.Zero);
}
