using Ctc.Engine.Objectives;
using Ctc.Testing.Oracles;
using Ctc.Tests;

namespace Ctc.Plugins.Tests;

[NoTensorLeaks]
public class AlignWithPurposeTests
{
    private static readonly Progress Training = new(Step: 3, Epoch: 0, Training: true);

    // Of a certain path all draws are equal. Each of its frames costs 40 nats to read another token.
    [TestCase("- a b", 40, Description = "a b -: all three frames read another token")]
    [TestCase("a a", 20, Description = "a -")]
    [TestCase("- -", 0, Description = "- -: nothing moves, and there is no margin")]
    [TestCase("a b a b", 0, Description = "no frame can be left out")]
    [TestCase("a b b b", 10, Description = "a b b -, whichever is left out")]
    public void A_drawn_path_is_compared_with_itself_one_frame_earlier(string path, double lead)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        long[] tokens = [.. path.Split(' ').Select(symbol => (long)"-ab".IndexOf(symbol[0]))];
        Tensor logits = torch.nn.functional.one_hot(torch.tensor(tokens), 3).to(torch.float64).unsqueeze(1) * 40;
        Batch batch = Trained([[1]], [tokens.Length], tokens: 3);
        double margin = lead > 0 ? 0.5 : 0;
        Assert.That(Term(logits, batch, weight: 2, margin: 0.5)[0], Is.EqualTo(2 * (lead + margin)).Within(1e-9));
        Assert.That(Term(logits, new Batch([[1]], [tokens.Length], tokens: 3), weight: 2, margin: 0.5)[0], Is.Zero, "not in training");
    }

    // Uniform: a shifted path is as probable as the drawn one.
    [Test]
    public void Among_equally_probable_paths_the_margin_is_left()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        double[] term = Term(torch.zeros([30, 2, 3], torch.float64), Trained([[1], [2]], [30, 0], tokens: 3), weight: 3, margin: 0.25);
        Assert.That(term[0], Is.EqualTo(0.75).Within(1e-12));
    }

    [Test]
    [Category("Slow")]
    public void Gradients_equal_finite_differences_over_the_same_paths([Range(0, 19)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase drawn = RandomCase.Draw(seed);
        Batch batch = Trained(drawn.Batch.Targets, drawn.Batch.Frames, drawn.Batch.Tokens, drawn.Batch.Blank);
        using var objective = new Objective(Parts(weight: 1, margin: 0.3), Reduction.Sum, InfeasiblePolicy.Zero);
        Tensor Loss(Tensor logits) => objective.Evaluate(logits, batch).Loss;
        Assert.That(
            Distance.Between(FiniteDifferences.Autograd(Loss, drawn.Logits), FiniteDifferences.Gradient(Loss, drawn.Logits)), Is.LessThan(1e-7));
    }

    [Test]
    public void An_utterance_draws_the_same_paths_alone_and_others_in_the_next_step()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor logits = torch.randn([12, 2, 4], torch.float64, generator: new torch.Generator(2));
        Batch At(int step, params int[] rows) => new(
            [.. rows.Select(row => new long[] { row + 1 })], [.. rows.Select(_ => 12L)], new Vocabulary(4), new Progress(step, 0, Training: true),
            [.. rows.Select(row => $"line-{row}")], graphs: null);
        double[] together = Term(logits, At(1, 0, 1)), alone = Term(logits[.., 1..], At(1, 1)), later = Term(logits, At(2, 0, 1));
        Assert.That(alone[0], Is.EqualTo(together[1]).Within(1e-12));
        Assert.That(later[1], Is.Not.EqualTo(together[1]).Within(1e-6));
    }

    private static double[] Term(Tensor logits, Batch batch, double weight = 1, double margin = 0.5)
    {
        using Objective drawn = new(Parts(weight, margin), Reduction.None, InfeasiblePolicy.Zero);
        using Objective plain = new(new ObjectiveParts(), Reduction.None, InfeasiblePolicy.Zero);
        return (drawn.Evaluate(logits, batch).Loss - plain.Evaluate(logits, batch).Loss).data<double>().ToArray();
    }

    private static Batch Trained(IReadOnlyList<long[]> targets, IReadOnlyList<long> frames, long tokens, long? blank = 0) =>
        new(targets, frames, new Vocabulary(tokens, blank), Training, names: null, graphs: null);

    private static ObjectiveParts Parts(double weight, double margin) => new()
    {
        Auxiliary = [DiscoveredPart.Create<IAuxiliaryTerm>("align-with-purpose", ("Weight", weight), ("Margin", margin))],
    };
}
