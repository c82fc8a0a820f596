using Ctc.Engine.Recursions;
using Ctc.Engine.Topologies;
using Ctc.Testing.Oracles;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Recursions;

[NoTensorLeaks]
public class ForeignGradientTests
{
    [Test]
    public void Libtorch_and_we_differ_in_the_gradient_and_agree_in_the_occupancy([Range(0, 39)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase random = RandomCase.Draw(seed, longest: 8);
        Batch batch = random.Batch;
        Tensor logProbs = random.Logits.log_softmax(2);
        Lattice lattice = new CtcTopology().Build(batch).Numerator;
        Tensor occupancy = Recursion.Occupancy(lattice, logProbs, batch.Frames);
        Tensor likelihood = Recursion.LogLikelihood(lattice, logProbs, batch.Frames);
        Tensor feasible = likelihood.isneginf().logical_not().view(1, -1, 1);

        Tensor ours = Gradient(leaf => -Feasible(Recursion.LogLikelihood(lattice, leaf, batch.Frames)), logProbs);
        Tensor theirs = Gradient(leaf => BuiltIn(leaf, batch), logProbs);

        Tensor fromOurs = ForeignGradient.Occupancy(logProbs, ours, batch.Frames);
        Tensor fromTheirs = ForeignGradient.Occupancy(logProbs, theirs, batch.Frames);
        Assert.That(Distance.Between(torch.where(feasible, fromOurs, torch.zeros_like(fromOurs)), occupancy), Is.LessThan(1e-13));
        Assert.That(Distance.Between(fromTheirs, occupancy), Is.LessThan(1e-13));
    }

    [Test]
    public void Padding_may_hold_anything()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor logProbs = torch.full([3, 1, 2], Math.Log(0.5), torch.float64), gradient = torch.zeros([3, 1, 2], torch.float64);
        logProbs[2] = torch.tensor(double.NaN);
        gradient[2] = torch.tensor(double.PositiveInfinity);
        Tensor occupancy = ForeignGradient.Occupancy(logProbs, gradient, [2]);
        Assert.That(occupancy.data<double>().ToArray(), Is.EqualTo(new[] { 0.5, 0.5, 0.5, 0.5, 0, 0 }));
    }

    [Test]
    public void A_gradient_of_another_shape_is_refused()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Assert.That(
            () => ForeignGradient.Occupancy(torch.zeros(2, 1, 3), torch.zeros(2, 1, 2), [2]),
            Throws.ArgumentException.With.Message.EqualTo(
                "The gradient has shape [2, 1, 2]; expected [2, 1, 3], that of the log-probabilities. (Parameter 'gradient')"));
    }

    private static Tensor BuiltIn(Tensor logProbs, Batch batch)
    {
        int width = batch.Targets.Max(target => target.Length);
        if (width == 0) width = 1; // libtorch wants a column, even of empty targets
        long[] padded =
            [.. batch.Targets.SelectMany(target => target.Concat(Enumerable.Repeat(batch.Tokens - 1 - batch.Blank!.Value, width - target.Length)))];
        return torch.nn.functional.ctc_loss(
            logProbs,
            torch.tensor(padded, [batch.Size, width]),
            torch.tensor(batch.Frames.ToArray()),
            torch.tensor([.. batch.Targets.Select(target => target.LongLength)]),
            batch.Blank!.Value,
            reduction: torch.nn.Reduction.None);
    }

    private static Tensor Gradient(Func<Tensor, Tensor> loss, Tensor at) => FiniteDifferences.Autograd(leaf => loss(leaf).sum(), at);

    private static Tensor Feasible(Tensor likelihood) => torch.where(likelihood.isneginf(), torch.zeros_like(likelihood), likelihood);
}
