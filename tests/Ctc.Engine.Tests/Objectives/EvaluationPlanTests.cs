using Ctc.Engine.Objectives;
using Ctc.Engine.Recursions;
using Ctc.Engine.Topologies;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Objectives;

/// <summary>The plan that reports print is that which evaluations follow.</summary>
[NoTensorLeaks]
public class EvaluationPlanTests
{
    private static readonly Batch Batch = new([[1]], [2], tokens: 2);

    [Test]
    public void Plain_CTC_is_fused_and_in_one_pass()
    {
        EvaluationPlan plan = Plan(new ObjectiveParts());
        Assert.That((plan.WhyNotFused, plan.AllowsOnePass, plan.HasDenominator), Is.EqualTo(((string?)null, true, false)));
        Assert.That(plan.Differentiated, Is.Empty);
    }

    [Test]
    public void A_lattice_transform_may_change_the_kind_of_the_arcs()
    {
        EvaluationPlan plan = Plan(new ObjectiveParts { Lattice = [new AnyArcs()] });
        Assert.That((plan.WhyNotFused, plan.AllowsOnePass, plan.DifferentiatesByFused), Is.EqualTo(((string?)null, true, false)));
    }

    [Test]
    public void A_denominator_has_a_recursion_of_its_own()
    {
        EvaluationPlan plan = Plan(new ObjectiveParts { Topology = new WithDenominator() });
        Assert.That((plan.WhyNotFused, plan.HasDenominator, plan.DenominatorWhyNotFused), Is.EqualTo(((string?)null, true, (string?)null)));
        Assert.That(plan.DifferentiatesByFused, Is.True, "that of the targets");
        Assert.That(plan.AllowsOnePass, Is.False);
    }

    [TestCase(InputKind.LogProbs)]
    [TestCase(InputKind.Scores)]
    public void Only_logits_are_read_in_one_pass(InputKind kind)
    {
        using var objective = new Objective(new ObjectiveParts());
        Assert.That(objective.Plan(Batch, kind: kind).AllowsOnePass, Is.False);
    }

    [Test]
    public void The_choice_of_a_recursion_is_a_reason()
    {
        using var objective = new Objective(new ObjectiveParts(), recursion: RecursionKind.Differentiable);
        Assert.That(objective.Plan(Batch).WhyNotFused, Is.EqualTo("the differentiable recursion is chosen"));
    }

    [Test]
    public void A_quantity_through_which_a_gradient_flows_is_named_with_its_part()
    {
        EvaluationPlan plan = Plan(new ObjectiveParts { Auxiliary = [new Spread()], Weighting = [new Watching()] });
        Assert.That(
            plan.Differentiated.Select(read => (read.Quantity, read.Part)),
            Is.EqualTo(new[] { (Needs.DifferentiableOccupancy, "watching"), (Needs.Entropy, "spread") }));
        Assert.That(plan.WhyNotFused, Is.Null);
    }

    [Test]
    public void Each_head_has_a_plan_of_its_own()
    {
        using var objective = new Objective(
            new ObjectiveParts(),
            heads:
            [
                new ObjectiveHead("middle", new ObjectiveParts { Lattice = [new AnyArcs()] }, 1),
                new ObjectiveHead("middle", new ObjectiveParts { Auxiliary = [new Spread()] }, 1),
            ]);
        EvaluationPlan plan = objective.Plan(Batch, kind: InputKind.Scores);
        Assert.That(plan.Heads.Keys, Is.EqualTo(new[] { "middle", "middle-2" }));
        Assert.That((plan.Heads["middle"].DifferentiatesByFused, plan.Heads["middle-2"].DifferentiatesByFused), Is.EqualTo((false, true)));
        Assert.That(plan.Heads["middle-2"].Differentiated.Single().Part, Is.EqualTo("spread"));
        Assert.That((plan.WhyNotFused, plan.Differentiated.Count, plan.Heads["middle-2"].Heads.Count), Is.EqualTo(((string?)null, 0, 0)));
    }

    private static EvaluationPlan Plan(ObjectiveParts parts)
    {
        using var objective = new Objective(parts);
        return objective.Plan(Batch);
    }

    [Part("spread", Needs = Needs.Entropy)]
    private sealed class Spread : IAuxiliaryTerm
    {
        public Tensor Evaluate(Evaluation evaluation) => evaluation.Entropy;
    }

    [Part("watching", Needs = Needs.DifferentiableOccupancy | Needs.ViterbiPath)]
    private sealed class Watching : ILossWeighting
    {
        public Tensor Weigh(Evaluation evaluation) => evaluation.Loss;
    }

    // The same arcs, in another form.
    private sealed class AnyArcs : ILatticeTransform
    {
        public Lattice Transform(Lattice numerator, Batch batch) => numerator.WithArcs(Indexed(numerator));
    }

    private sealed class WithDenominator : ITopology
    {
        public Lattices Build(Batch batch)
        {
            Lattice numerator = new CtcTopology().Build(batch).Numerator;
            return new Lattices(numerator, numerator.WithArcs(Indexed(numerator)));
        }
    }

    private static IndexedArcs Indexed(Lattice lattice)
    {
        var arcs = (BandedArcs)lattice.Arcs;
        Tensor states = torch.arange(lattice.Labels.shape[1]).view(1, 1, -1);
        Tensor offsets = torch.tensor([.. arcs.Offsets.Select(offset => (long)offset)]).view(-1, 1, 1);
        return new IndexedArcs((states - offsets).clamp(min: 0).expand(arcs.Scores.shape).contiguous(), arcs.Scores);
    }
}
