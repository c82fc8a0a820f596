using Ctc.Engine.Objectives;
using Ctc.Testing.Oracles;
using Ctc.Tests;

namespace Ctc.Plugins.Tests;

/// <summary>Autograd against finite differences in float64, with detached quantities held at their values at the point.</summary>
internal static class Gradients
{
    public static void AssertTrue(ObjectiveParts parts, RandomCase random)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var objective = new Objective(parts, Reduction.Sum, InfeasiblePolicy.Zero);
        Tensor gradient = FiniteDifferences.Autograd(logits => objective.Evaluate(logits, random.Batch).Loss, random.Logits);
        Tensor differences = FiniteDifferences.Gradient(new HeldObjective(parts, random.Logits, random.Batch).Value, random.Logits);

        Assert.That(Distance.Between(gradient, differences), Is.LessThan(1e-7));
    }
}
