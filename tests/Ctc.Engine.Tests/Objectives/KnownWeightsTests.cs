using Ctc.Engine.Objectives;
using Ctc.Engine.Recursions.Linear;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Objectives;

/// <summary>Factors of losses that are known before them are those of the gradient, up to one number: a pass in chunks computes once.</summary>
[NoTensorLeaks]
public class KnownWeightsTests
{
    private static readonly Batch Batch = new([[1, 1, 4], [], [3, 3, 3], [2], [7, 9, 8, 7, 1, 2, 3]], [9, 6, 7, 1, 12], 40, 5);

    [Test]
    public void A_gradient_of_the_reduced_loss_is_a_multiple_of_them([Values] Reduction reduction, [Values] bool inFloat32, [Values] bool weighted)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor losses = torch.ones([5], inFloat32 ? torch.float32 : torch.float64, requires_grad: true);
        IReadOnlyList<ILossWeighting> weightings = weighted ? [new ByFrames(), new ByTokens()] : [];
        double[] known = KnownWeights.Find(weightings, Batch, reduction, new PartCalls(null))!;
        Tensor byFrames = torch.tensor(ByFrames.Of(Batch), losses.dtype), byTokens = torch.tensor(ByTokens.Of(Batch), losses.dtype);
        Tensor factors = weighted ? byFrames * byTokens : torch.ones_like(losses);
        (Reductions.Reduce(losses * factors, Batch, reduction, []).sum() * 0.7).backward();
        double[] gradient = [.. losses.grad!.to(torch.float64).data<double>()];
        Assert.That(RowFactors.FindCommon(known, gradient, losses.dtype), Is.Not.Null);
        gradient[1] *= 1 + 1e-4;
        Assert.That(RowFactors.FindCommon(known, gradient, losses.dtype), Is.Null);
    }

    [Test]
    public void A_weighting_that_depends_on_the_model_leaves_them_unknown() =>
        Assert.That(KnownWeights.Find([new ByFrames(), new OfLoss()], Batch, Reduction.Sum, new PartCalls(null)), Is.Null);

    [TestCase(new double[] { 1, 2, 0 }, new double[] { -3, -6, 0 }, -3.0)]
    [TestCase(new double[] { 0, 0 }, new double[] { 0, 0 }, 0.0)]
    [TestCase(new double[] { 0, 1 }, new double[] { 1, 1 }, null)]
    [TestCase(new double[] { 1, 1 }, new double[] { 1, double.NaN }, null)]
    [TestCase(new double[] { 1, 1 }, new double[] { double.NaN, 1 }, null)]
    public void Factors_have_a_common_number_if_all_are_multiples(double[] weights, double[] factors, double? common) =>
        Assert.That(RowFactors.FindCommon(weights, factors, torch.float64), Is.EqualTo(common));

    private sealed class ByFrames : ILossWeighting
    {
        public static double[] Of(Batch batch) => [.. batch.Frames.Select(frames => Math.Pow(frames, -0.3))];

        public Tensor Weigh(Evaluation evaluation) => torch.tensor(Of(evaluation.Batch), evaluation.Loss.dtype);

        public IReadOnlyList<double> FindWeights(Batch batch) => Of(batch);
    }

    private sealed class ByTokens : ILossWeighting
    {
        public static double[] Of(Batch batch) => [.. batch.Targets.Select(target => 1.0 / (target.Length + 2))];

        public Tensor Weigh(Evaluation evaluation) => torch.tensor(Of(evaluation.Batch), evaluation.Loss.dtype);

        public IReadOnlyList<double> FindWeights(Batch batch) => Of(batch);
    }

    private sealed class OfLoss : ILossWeighting
    {
        public Tensor Weigh(Evaluation evaluation) => evaluation.Loss;
    }
}
