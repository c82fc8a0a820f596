using System.Globalization;
using Ctc.Engine.Objectives;
using Ctc.Tests;

namespace Ctc.Plugins.Tests;

[NoTensorLeaks]
public class AceTests
{
    // Whatever the counts are, the cross-entropy with a uniform output is ln V, once for the target and its order.
    [Test]
    public void With_a_uniform_output_it_is_the_logarithm_of_the_number_of_tokens()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var alone = new Objective(Parts("alone: true"), Reduction.None);
        Tensor loss = alone.Evaluate(torch.zeros([6, 3, 4], torch.float64), new Batch([[1, 2, 2], [], [3]], [6, 4, 1], tokens: 4)).Loss;
        Assert.That(loss.data<double>().ToArray(), Is.EqualTo(Enumerable.Repeat(Math.Log(4), 3)).Within(1e-12));
    }

    // N = 4, target a a b: n = (1, 2, 1) of blank, a, b.
    [Test]
    public void It_is_the_cross_entropy_of_the_counts_with_the_mean_output()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        double[,] rows = { { 0.2, 0.5, 0.3 }, { 0.6, 0.3, 0.1 }, { 0.1, 0.8, 0.1 }, { 0.5, 0.2, 0.3 }, { 0, 0, 0 } };
        Tensor logits = torch.tensor(rows).log().unsqueeze(1);
        logits[4] = torch.tensor(double.NaN); // padding
        var batch = new Batch([[1, 1, 2]], [4], tokens: 3);
        using Objective beside = new(Parts("weight: 3"), Reduction.None), plain = new(new ObjectiveParts(), Reduction.None);

        double expected = -((1 * Math.Log(1.4 / 4)) + (2 * Math.Log(1.8 / 4)) + (1 * Math.Log(0.8 / 4))) / 4;
        Tensor term = beside.Evaluate(logits, batch).Loss - plain.Evaluate(logits, batch).Loss;
        Assert.That(term.item<double>(), Is.EqualTo(3 * expected).Within(1e-12));
    }

    [Test]
    public void The_order_of_the_target_does_not_matter()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var alone = new Objective(Parts("alone: true"), Reduction.None);
        Tensor logits = torch.randn([6, 1, 4], torch.float64, generator: new torch.Generator(1)).expand(6, 3, 4);
        double[] losses = alone.Evaluate(logits, new Batch([[1, 2, 3], [3, 2, 1], [2, 3, 1]], [6, 6, 6], tokens: 4)).Loss.data<double>().ToArray();
        Assert.That(losses[1..], Is.All.EqualTo(losses[0]).Within(1e-14));
    }

    [Test]
    [Category("Slow")]
    public void Gradients_equal_finite_differences([Range(0, 19)] int seed, [Values("weight: 0.7", "weight: 3, alone: true")] string options)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Gradients.AssertTrue(Parts(options), RandomCase.Draw(seed));
    }

    [Test]
    [Category("Slow")]
    public void A_wanted_token_that_is_impossible_in_every_frame_is_infinitely_bad_and_has_a_finite_gradient()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor leaf = torch.tensor([0, double.NegativeInfinity, 0, double.NegativeInfinity, 0, 1], [2, 1, 3]).requires_grad_();
        using var alone = new Objective(Parts("alone: true"), Reduction.None, InfeasiblePolicy.Zero);
        Tensor loss = alone.Evaluate(leaf, new Batch([[2]], [2], tokens: 3)).Loss;
        loss.sum().backward();
        Assert.That(double.IsFinite(loss.ToDouble()), "token 1 is neither wanted nor possible");
        Assert.That(leaf.grad!.isfinite().all().item<bool>());
    }

    private static ObjectiveParts Parts(string options) =>
        new() { Auxiliary = [DiscoveredPart.Create<IAuxiliaryTerm>("ace", string.Create(CultureInfo.InvariantCulture, $"{options}"))] };
}
