using System.Globalization;
using Ctc.Engine.Objectives;
using Ctc.Testing.Oracles;
using Ctc.Tests;

namespace Ctc.Plugins.Tests;

[NoTensorLeaks]
public class PeakFirstTests
{
    /// <summary>
    /// The part, and for finite differences its formula with p_{t+1} held: one frame after the other, λ Σ_v p°_{t+1}(y°_{t+1} − y_t).
    /// </summary>
    internal static HeldTerm Holding(double lambda) => new(Part(lambda), (evaluation, at) =>
    {
        Tensor y = evaluation.LogProbs, sum = torch.zeros_like(evaluation.Loss);
        for (int t = 0; t + 1 < y.shape[0]; t++)
        {
            sum += evaluation.Mask[t + 1] * (at[t + 1].exp() * (at[t + 1] - y[t])).sum([1]) * lambda;
        }

        return sum;
    });

    // Two frames of the first utterance: (1/2, 1/2), then (3/4, 1/4). The second has one frame, and no next.
    [Test]
    public void Each_frame_is_compared_with_the_next_that_is_valid()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using Objective drawn = new(Parts(2), Reduction.None), plain = new(new ObjectiveParts(), Reduction.None);
        Tensor leaf = torch.zeros([2, 2, 2], torch.float64);
        leaf[1, 0, 0] = torch.tensor(Math.Log(3));
        leaf[1, 1] = torch.tensor(double.NaN); // padding
        leaf = leaf.requires_grad_();
        var batch = new Batch([[1], []], [2, 1], tokens: 2);

        Tensor term = drawn.Evaluate(leaf, batch).Loss - plain.Evaluate(leaf, batch).Loss;
        term.sum().backward();

        double divergence = (0.75 * Math.Log(1.5)) + (0.25 * Math.Log(0.5));
        Assert.That(term.data<double>().ToArray(), Is.EqualTo(new[] { 2 * divergence, 0 }).Within(1e-15));
        // λ(p_t − p_{t+1}) in frame 0 of the first utterance; no gradient flows to frame t + 1.
        Assert.That(leaf.grad!.data<double>().ToArray(), Is.EqualTo(new[] { -0.5, 0.5, 0, 0, 0, 0, 0, 0 }).Within(1e-15));
    }

    [Test]
    public void A_token_that_is_impossible_now_and_certain_next_has_an_infinite_divergence_and_a_finite_gradient()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor leaf = torch.tensor([0, double.NegativeInfinity, double.NegativeInfinity, 0], [2, 1, 2]).requires_grad_();
        var batch = new Batch([[1]], [2], tokens: 2);
        foreach (double lambda in new[] { 0, 0.5 })
        {
            using Objective drawn = new(Parts(lambda));
            Tensor loss = drawn.Evaluate(leaf, batch).Loss;
            loss.backward();
            Assert.That(loss.ToDouble(), Is.EqualTo(lambda == 0 ? 0 : double.PositiveInfinity));
            Assert.That(leaf.grad!.isfinite().all().item<bool>());
        }
    }

    [Test]
    [Category("Slow")]
    public void Gradients_equal_finite_differences([Range(0, 19)] int seed, [Values(0.1, 3)] double lambda)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Gradients.AssertTrue(new ObjectiveParts { Auxiliary = [Holding(lambda)] }, RandomCase.Draw(seed));
    }

    private static ObjectiveParts Parts(double lambda) => new() { Auxiliary = [Part(lambda)] };

    private static IAuxiliaryTerm Part(double lambda) =>
        DiscoveredPart.Create<IAuxiliaryTerm>("peak-first", string.Create(CultureInfo.InvariantCulture, $"lambda: {lambda}"));
}
