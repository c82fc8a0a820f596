using Ctc.Engine.Objectives;
using Ctc.Testing.Oracles;
using Ctc.Tests;

namespace Ctc.Plugins.Tests;

[NoTensorLeaks]
public class CrCtcTests
{
    private static readonly Progress Training = new(Step: 1, Epoch: 0, Training: true);

    // One frame; view a says (1/2, 1/2), view b (3/4, 1/4).
    [Test]
    public void Each_view_is_pulled_towards_the_other()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using Objective drawn = new(Parts(2), Reduction.None), plain = new(new ObjectiveParts(), Reduction.None);
        Tensor leaf = torch.tensor([0, 0, Math.Log(3), 0, double.NaN, 0, 0, double.NaN], [2, 2, 2]).requires_grad_();
        Batch batch = Views([[]], [1], tokens: 2);
        double towards = (0.75 * Math.Log(1.5)) + (0.25 * Math.Log(0.5)), back = (0.5 * Math.Log(2.0 / 3)) + (0.5 * Math.Log(2));

        Tensor term = drawn.Evaluate(leaf, batch).Loss - plain.Evaluate(leaf, batch).Loss;
        term.sum().backward();

        Assert.That(term.data<double>().ToArray(), Is.EqualTo(new[] { 2 * towards, 2 * back }).Within(1e-14));
        // α(p − p of the other)
        Assert.That(leaf.grad!.data<double>().ToArray(), Is.EqualTo(new[] { -0.5, 0.5, 0.5, -0.5, 0, 0, 0, 0 }).Within(1e-14));
    }

    // The slopes of L + α KL(p° of the other view‖p), with p° held at the point.
    [Test]
    [Category("Slow")]
    public void Gradients_equal_finite_differences([Range(0, 19)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase one = RandomCase.Draw(seed);
        Batch batch = Views(one.Batch.Targets, one.Batch.Frames, one.Batch.Tokens, one.Batch.Blank);
        Tensor point = torch.cat([one.Logits, torch.randn_like(one.Logits, dtype: torch.float64)], 1);
        using Objective drawn =
            new(Parts(0.3), Reduction.Sum, InfeasiblePolicy.Zero), plain = new(new ObjectiveParts(), Reduction.Sum, InfeasiblePolicy.Zero);
        Tensor views = point.log_softmax(2).roll(one.Batch.Size, 1), inspected = plain.Inspect(point, batch).Feasible;
        Tensor Held(Tensor logits)
        {
            Tensor divergence = (views.exp() * (views - logits.log_softmax(2))).sum([2]);
            Tensor valid = torch.arange(logits.shape[0]).unsqueeze(1) < torch.tensor([.. batch.Frames]);
            return plain.Evaluate(logits, batch).Loss + (divergence * valid * inspected).sum() * 0.3;
        }

        Assert.That(
            Distance.Between(FiniteDifferences.Autograd(x => drawn.Evaluate(x, batch).Loss, point), FiniteDifferences.Gradient(Held, point)),
            Is.LessThan(1e-7));
    }

    [Test]
    public void Beside_training_it_is_plain_CTC_and_in_training_one_view_is_an_error()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using Objective drawn = new(Parts(2), Reduction.None), plain = new(new ObjectiveParts(), Reduction.None);
        Tensor logits = torch.randn([4, 1, 3], torch.float64);
        var measured = new Batch([[1]], [4], tokens: 3);
        Assert.That(drawn.Evaluate(logits, measured).Loss.item<double>(), Is.EqualTo(plain.Evaluate(logits, measured).Loss.item<double>()));

        var trained = new Batch([[1]], [4], new Vocabulary(3), Training, names: null, graphs: null);
        Assert.That(
            () => drawn.Evaluate(logits, trained),
            Throws.InvalidOperationException.With.Message.Contains("The batch has 1 view of each utterance; expected 2."));
    }

    private static Batch Views(IReadOnlyList<long[]> targets, IReadOnlyList<long> frames, long tokens, long? blank = 0) =>
        new([.. targets, .. targets], [.. frames, .. frames], new Vocabulary(tokens, blank), Training, names: null, graphs: null) { Views = 2 };

    private static ObjectiveParts Parts(double alpha) => new() { Auxiliary = [Part(alpha)] };

    private static IAuxiliaryTerm Part(double alpha) => DiscoveredPart.Create<IAuxiliaryTerm>("cr-ctc", ("Alpha", alpha));
}
