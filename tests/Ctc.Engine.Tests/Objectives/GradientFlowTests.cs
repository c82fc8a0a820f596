using Ctc.Engine.Objectives;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Objectives;

/// <summary>Gradients do not depend on the order in which quantities are read, and are 0 for utterances without alignment.</summary>
public class GradientFlowTests
{
    private static readonly Batch Batch = new([[1], [1, 1]], [3, 2], tokens: 3); // the second needs three frames

    [Test]
    public void A_target_transform_that_looks_at_the_loss_changes_no_gradient()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        ObjectiveParts parts = new() { Emissions = [new Sharper()], Weighting = [new Squared()], Auxiliary = [new SquaredOccupancy()] };
        Tensor without = Gradient(parts);
        Tensor with = Gradient(new ObjectiveParts(parts) { Targets = [new Looking()] });
        Assert.That(Distance.Between(with, without), Is.LessThan(1e-15));
    }

    [Test]
    public void A_frame_in_which_nothing_is_possible_has_gradient_zero()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor gradient = Gradient(new() { Emissions = [new Forbidding()], Weighting = [new Squared()] });
        Assert.That(gradient.isfinite().all().item<bool>());
        Assert.That(gradient[.., 1].abs().max().ToDouble(), Is.Zero);
    }

    [Test]
    public void A_part_that_is_NaN_where_there_is_no_alignment_harms_nobody()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor gradient = Gradient(new() { Weighting = [new Dividing()], Auxiliary = [new Dividing()] });
        Assert.That(gradient.isfinite().all().item<bool>());
        Assert.That(gradient[.., 1].abs().max().ToDouble(), Is.Zero);
    }

    [Test]
    public void Backward_in_two_parts_by_way_of_the_logits_gives_the_same_bits()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        ObjectiveParts parts = new() { Emissions = [new Sharper()], Weighting = [new Squared()], Auxiliary = [new SquaredOccupancy()] };
        for (int seed = 0; seed < 20; seed++)
        {
            RandomCase random = RandomCase.Draw(seed);
            var objective = new Objective(parts, Reduction.Sum, InfeasiblePolicy.Zero);
            Tensor one = torch.eye(random.Batch.Tokens, dtype: torch.float64).requires_grad_(), two = one.detach().clone().requires_grad_();
            objective.Evaluate(random.Logits.matmul(one).tanh(), random.Batch).Loss.backward();

            Tensor logits = random.Logits.matmul(two).tanh(), heard = logits.detach().requires_grad_();
            objective.Evaluate(heard, random.Batch).Loss.backward();
            logits.backward([heard.grad!]);
            Assert.That(two.grad!.equal(one.grad!).all().item<bool>(), $"seed {seed}");
        }
    }

    private static Tensor Gradient(ObjectiveParts parts)
    {
        Tensor leaf = torch.randn([3, 2, 3], torch.float64, generator: new torch.Generator(2)).requires_grad_();
        new Objective(parts, Reduction.Sum, InfeasiblePolicy.Zero).Evaluate(leaf, Batch).Loss.backward();
        return leaf.grad!;
    }

    private sealed class Sharper : IEmissionTransform
    {
        public Tensor Transform(Tensor scores, Batch batch) => scores * 1.5;
    }

    // All scores in the first frame of the second utterance are −∞.
    private sealed class Forbidding : IEmissionTransform
    {
        public Tensor Transform(Tensor scores, Batch batch)
        {
            Tensor mask = torch.zeros_like(scores);
            mask[0, 1] = torch.tensor(double.NegativeInfinity);
            return scores + mask;
        }
    }

    [Part("looking", Needs = Needs.DifferentiableOccupancy)]
    private sealed class Looking : ITargetTransform
    {
        public FrameTargets Transform(FrameTargets targets, Evaluation evaluation)
        {
            _ = evaluation.Loss;
            _ = evaluation.Occupancy;
            return targets;
        }
    }

    private sealed class Squared : ILossWeighting
    {
        public Tensor Weigh(Evaluation evaluation) => evaluation.Loss.square();
    }

    [Part("squared-occupancy", Needs = Needs.DifferentiableOccupancy)]
    private sealed class SquaredOccupancy : IAuxiliaryTerm
    {
        public Tensor Evaluate(Evaluation evaluation) => evaluation.SumFrames(evaluation.Occupancy.square().sum(-1));
    }

    // 0/0 where the loss is 0.
    private sealed class Dividing : IAuxiliaryTerm, ILossWeighting
    {
        public Tensor Evaluate(Evaluation evaluation) => evaluation.SumFrames(evaluation.LogProbs.sum(-1)) * evaluation.Loss / evaluation.Loss;

        public Tensor Weigh(Evaluation evaluation) => Evaluate(evaluation);
    }
}
