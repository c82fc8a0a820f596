using Ctc.Engine.Objectives;
using Ctc.Engine.Recursions;
using Ctc.Engine.Topologies;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Objectives;

/// <summary>An objective gives the same numbers from hidden states in chunks as from one tensor of logits.</summary>
[NoTensorLeaks]
public class LogitsInChunksTests
{
    private const long Tokens = 40;

    // Repeats, an empty target, too few frames, no frames.
    private static readonly Batch Batch = new([[1, 1, 4], [], [3, 3, 3], [2], [7, 9]], [9, 6, 3, 0, 12], Tokens, 5);

    [Test]
    public void Loss_and_gradients_are_those_of_one_tensor(
        [Values] Reduction reduction,
        [Values("none", "known", "loss", "log-probs", "both")] string weighting,
        [Values(InfeasiblePolicy.Zero, InfeasiblePolicy.Drop)] InfeasiblePolicy policy,
        [Values] bool inFloat32)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor[] whole = Differentiate(LogitsKind.Whole), chunks = Differentiate(LogitsKind.Chunks);
        (double ofLoss, double ofGradient) = inFloat32 ? (1e-5, 1e-4) : (1e-9, 1e-7);
        for (int i = 0; i < whole.Length; i++)
        {
            double scale = i < 2 ? Math.Max(1, whole[i].abs().max().ToDouble()) : 1;
            Assert.That(Distance.Between(chunks[i], whole[i]) / scale, Is.LessThan(i < 2 ? ofLoss : ofGradient), $"{i}");
        }

        Tensor[] Differentiate(LogitsKind kind)
        {
            var parts = new ObjectiveParts { Weighting = Weighting(weighting) };
            using var objective = new Objective(parts, reduction, policy, weight: 0.5) { Logits = kind };
            Tensor[] leaves = Leaves(inFloat32 ? torch.float32 : torch.float64);
            EncoderOutput output = Output(leaves);
            Assert.That(objective.TakesChunks(output, Batch), Is.EqualTo(kind == LogitsKind.Chunks));
            ObjectiveResult result = objective.Evaluate(output, Batch);
            Assert.That(result.Infeasible, Is.EqualTo(new[] { 2, 3 }));
            result.Loss.sum().backward();
            return [result.Loss.detach(), result.PerUtterance.detach(), .. leaves.Select(leaf => leaf.grad!)];
        }
    }

    [Test]
    public void Auto_takes_chunks_where_the_logits_are_many()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var objective = new Objective(new ObjectiveParts());
        Tensor one = torch.zeros([1, 1, 1]);
        EncoderOutput Sized(long frames, long tokens) => new(new LinearOutput(one.expand(frames, 4, 1), torch.zeros([tokens, 1]), null));
        var batch = new Batch([[], [], [], []], [1, 1, 1, 1], 1 << 18);
        Assert.That(objective.TakesChunks(Sized(256, 1 << 18), batch));
        Assert.That(objective.TakesChunks(Sized(255, 1 << 18), batch), Is.False);
        Assert.That(objective.TakesChunks(new EncoderOutput(torch.zeros([1, 4, 3])), batch), Is.False);
        using var reading = new Objective(new ObjectiveParts { Emissions = [new Same()] });
        Assert.That(reading.TakesChunks(Sized(256, 1 << 18), batch), Is.False);
    }

    [Test]
    public void Logits_that_are_not_read_are_not_computed_and_those_that_are_have_a_gradient()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor[] leaves = Leaves(torch.float64);
        EncoderOutput output = Output(leaves);
        using (torch.NewDisposeScope())
        using (torch.no_grad())
        {
            Assert.That(output.Logits.shape, Is.EqualTo(new[] { 12, 5, Tokens }));
        }

        output.Logits.sum().backward();
        Assert.That(leaves[0].grad, Is.Not.Null);
        Assert.That(output.Logits.equal(torch.nn.functional.linear(leaves[0], leaves[1], leaves[2])).all().item<bool>());
    }

    [TestCase("emission", "'Same' may read all logits")]
    [TestCase("needs", "'watching' may read all logits")]
    [TestCase("recursion", "the differentiable recursion is chosen")]
    [TestCase("logits", "the encoder does not give its last layer")]
    public void Chunks_that_are_not_possible_are_refused(string why, string reason)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        ObjectiveParts parts = why switch
        {
            "emission" => new() { Emissions = [new Same()] },
            "needs" => new() { Weighting = [new Watching()] },
            _ => new(),
        };
        RecursionKind recursion = why == "recursion" ? RecursionKind.Differentiable : RecursionKind.Auto;
        using var objective = new Objective(parts, infeasible: InfeasiblePolicy.Zero, recursion: recursion) { Logits = LogitsKind.Chunks };
        EncoderOutput output = why == "logits" ? new EncoderOutput(torch.zeros([12, 5, Tokens])) : Output(Leaves(torch.float64));
        Assert.That(() => objective.Evaluate(output, Batch), Throws.TypeOf<NotSupportedException>().With.Message.Contains(reason));
        Assert.That(() => objective.TakesChunks(output, Batch), Throws.TypeOf<NotSupportedException>().With.Message.Contains(reason));
    }

    [Test]
    public void A_weighting_that_finds_another_number_of_weights_is_named()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var parts = new ObjectiveParts { Weighting = [new Few()] };
        using var objective = new Objective(parts, infeasible: InfeasiblePolicy.Zero) { Logits = LogitsKind.Chunks };
        Assert.That(
            () => objective.Evaluate(Output(Leaves(torch.float64)), Batch),
            Throws.TypeOf<PartException>().With.Message.Contains("'Few' failed: it finds 1 weights; expected 5"));
    }

    private static Tensor[] Leaves(torch.ScalarType type)
    {
        var random = new torch.Generator(1);
        long[][] shapes = [[12, 5, 6], [Tokens, 6], [Tokens]];
        return [.. shapes.Select(shape => torch.randn(shape, torch.float64, generator: random).to(type).requires_grad_())];
    }

    private static EncoderOutput Output(Tensor[] leaves) => new(new LinearOutput(leaves[0], leaves[1], leaves[2]));

    private static IReadOnlyList<ILossWeighting> Weighting(string name) => name switch
    {
        "known" => [new Known()],
        "loss" => [new OfLoss()],
        "log-probs" => [new OfLogProbs()],
        "both" => [new Known(), new OfLoss()],
        _ => [],
    };

    private sealed class Known : ILossWeighting
    {
        public Tensor Weigh(Evaluation evaluation) => torch.tensor([.. FindWeights(evaluation.Batch)], evaluation.Loss.dtype);

        public IReadOnlyList<double> FindWeights(Batch batch) => [.. Enumerable.Range(1, batch.Size).Select(b => 1.0 / b)];
    }

    private sealed class OfLoss : ILossWeighting
    {
        public Tensor Weigh(Evaluation evaluation) => (evaluation.Loss + 1).log();
    }

    private sealed class OfLogProbs : ILossWeighting
    {
        public Tensor Weigh(Evaluation evaluation) => evaluation.SumFrames(evaluation.LogProbs.exp().square().sum(-1));
    }

    private sealed class Few : ILossWeighting
    {
        public Tensor Weigh(Evaluation evaluation) => torch.ones_like(evaluation.Loss);

        public IReadOnlyList<double> FindWeights(Batch batch) => [1];
    }

    private sealed class Same : IEmissionTransform
    {
        public Tensor Transform(Tensor scores, Batch batch) => scores;
    }

    [Part("watching", Needs = Needs.Occupancy)]
    private sealed class Watching : ILossWeighting
    {
        public Tensor Weigh(Evaluation evaluation) => evaluation.SumFrames(evaluation.Occupancy.square().sum(-1));
    }
}
