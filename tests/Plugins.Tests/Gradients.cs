using Ctc.Engine.Objectives;
using Ctc.Testing.Oracles;
using Ctc.Tests;

namespace Ctc.Plugins.Tests;

/// <summary>Autograd against finite differences in float64, with detached quantities held at their values at the point.</summary>
internal static class Gradients
{
    // Along four directions of all logits at once: an error in any element has a share in each.
    public static void AssertTrue(ObjectiveParts parts, RandomCase random)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var objective = new Objective(parts, Reduction.Sum, InfeasiblePolicy.Zero);
        Tensor gradient = FiniteDifferences.Autograd(logits => objective.Evaluate(logits, random.Batch).Loss, random.Logits);
        Func<Tensor, Tensor> held = new HeldObjective(parts, random.Logits, random.Batch).Value;
        for (ulong i = 0; i < 4; i++)
        {
            Tensor direction = torch.randn(random.Logits.shape, torch.float64, generator: new torch.Generator(i));
            double difference = FiniteDifferences.Along(held, random.Logits, direction).item<double>();
            Assert.That((gradient * direction).sum().item<double>(), Is.EqualTo(difference).Within(1e-7));
        }
    }
}
