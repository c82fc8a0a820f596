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

        // γ, γ' and ω are constants of the objective.
        Tensor occupancy = Recursion.Occupancy(new CtcTopology().Build(random.Batch).Numerator, random.Logits.log_softmax(2), random.Batch.Frames);
        Tensor held = occupancy - (holding.Targets!.Weights.unsqueeze(2) * holding.Targets.Shares);
        Tensor differences = FiniteDifferences.Gradient(logits => Held(parts, logits, random.Batch, held).sum(), random.Logits);

        Assert.That((gradient - differences).abs().max().ToDouble(), Is.LessThan(1e-7));
    }

    // share · weight · (L + Σ held·y) + terms, each factor from an objective without target transforms.
    private static Tensor Held(ObjectiveParts parts, Tensor logits, Batch batch, Tensor held)
    {
        Tensor Loss(ObjectiveParts some) => new Objective(some, Reduction.None, InfeasiblePolicy.Zero).Evaluate(logits, batch).Loss;
        Tensor plain = Loss(new ObjectiveParts());
        Tensor weighed = Loss(new ObjectiveParts { Weighting = parts.Weighting });
        Tensor weight = torch.where(plain == 0, torch.zeros_like(plain), weighed / plain);
        double share = parts.Auxiliary.Aggregate(1.0, (product, term) => product * term.BaseShare(batch.Progress));
        Tensor terms = Loss(new ObjectiveParts { Auxiliary = parts.Auxiliary }) - (share * plain);
        return (share * weight * (plain + (held * logits.log_softmax(2)).sum([0, 2]))) + terms;
    }
}
