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

        // γ, γ' and ω are constants of the objective, and so is what a term holds. γ is that of the scores and the lattice after their transforms.
        Lattice lattice = parts.Lattice.Aggregate(parts.Topology.Build(random.Batch).Numerator, (before, transform) => transform.Transform(before, random.Batch));
        Tensor occupancy = Recursion.Occupancy(lattice, Scores(parts, random.Logits, random.Batch), random.Batch.Frames);
        Tensor held = occupancy - (holding.Targets!.Weights.unsqueeze(2) * holding.Targets.Shares);
        ObjectiveParts at = parts with { Auxiliary = [.. parts.Auxiliary.Select(term => term is HoldingTerm some ? some.At(random.Logits.log_softmax(2)) : term)] };
        Tensor differences = FiniteDifferences.Gradient(logits => Held(at, logits, random.Batch, held).sum(), random.Logits);

        Assert.That(Distance.Between(gradient, differences), Is.LessThan(1e-7));
    }

    // share · weight · (L + Σ held·y) + terms, each factor from an objective without target transforms.
    private static Tensor Held(ObjectiveParts parts, Tensor logits, Batch batch, Tensor held)
    {
        Tensor Loss(ObjectiveParts some) => new Objective(some with { Targets = [] }, Reduction.None, InfeasiblePolicy.Zero).Evaluate(logits, batch).Loss;
        Tensor plain = Loss(parts with { Weighting = [], Auxiliary = [] });
        Tensor weighed = Loss(parts with { Auxiliary = [] });
        Tensor weight = torch.where(plain == 0, torch.zeros_like(plain), weighed / plain);
        double share = parts.Auxiliary.Aggregate(1.0, (product, term) => product * term.BaseShare(batch.Progress));
        Tensor terms = Loss(parts with { Weighting = [] }) - (share * plain);
        return (share * weight * (plain + (held * Scores(parts, logits, batch)).sum([0, 2]))) + terms;
    }

    private static Tensor Scores(ObjectiveParts parts, Tensor logits, Batch batch) =>
        parts.Emissions.Aggregate(logits.log_softmax(2), (before, transform) => transform.Transform(before, batch));
}
