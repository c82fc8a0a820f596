using Ctc.Engine.Alignment;
using Ctc.Engine.Objectives;
using Ctc.Testing;
using Ctc.Tests;

namespace Ctc.Plugins.Tests;

/// <summary>Autograd against finite differences in float64, with detached quantities held at their values at the point.</summary>
internal static class Gradients
{
    public static void AssertTrue(ObjectiveParts parts, RandomCase random)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var holding = new Holding();
        var objective = new Objective(parts with { Targets = [.. parts.Targets, holding] }, Reduction.Sum, InfeasiblePolicy.Zero);
        Tensor gradient = FiniteDifferences.Autograd(logits => objective.Evaluate(logits, random.Batch).Loss, random.Logits);

        // γ, γ' and ω are constants of the objective; without target transforms they play no role.
        Tensor occupancy = Recursion.Occupancy(new CtcTopology().Build(random.Batch).Numerator, random.Logits.log_softmax(2), random.Batch.Frames);
        Tensor held = occupancy - (holding.Targets!.Weights.unsqueeze(2) * holding.Targets.Shares);
        var withoutTargets = new Objective(parts with { Targets = [] }, Reduction.Sum, InfeasiblePolicy.Zero);
        Tensor Held(Tensor logits) => withoutTargets.Evaluate(logits, random.Batch).Loss + (held * logits.log_softmax(2)).sum();

        Tensor differences = FiniteDifferences.Gradient(Held, random.Logits);
        Assert.That((gradient - differences).abs().max().ToDouble(), Is.LessThan(1e-7));
    }
}
