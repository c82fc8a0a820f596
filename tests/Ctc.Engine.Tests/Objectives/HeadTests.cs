using Ctc.Engine.Objectives;
using Ctc.Engine.Recursions;
using Ctc.Engine.Topologies;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Objectives;

/// <summary>Heads: objectives of their own on streams, whose weighted losses are added before the reduction.</summary>
[NoTensorLeaks]
[TestFixture(RecursionKind.Auto)]
[TestFixture(RecursionKind.Differentiable)]
public class HeadTests(RecursionKind kind)
{
    private static readonly Batch Ragged = new([[1, 2], [2, 2], []], [6, 5, 3], tokens: 4);

    [Test]
    public void The_total_and_its_gradients_are_the_weighted_sums_of_separate_objectives(
        [Values] Reduction reduction)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor logits = Leaf(1), middle = Leaf(2), ownLogits = Leaf(1), ownMiddle = Leaf(2);
        using var objective = new Objective(
            new ObjectiveParts(),
            reduction,
            recursion: kind,
            heads: [new ObjectiveHead("middle", new ObjectiveParts { Topology = new SelflessTopology(), Weighting = [new Doubling()] }, 0.3)],
            weight: 0.7);
        using var main = new Objective(new ObjectiveParts(), reduction, recursion: kind);
        using var head = new Objective(
            new ObjectiveParts { Topology = new SelflessTopology(), Weighting = [new Doubling()] }, reduction, recursion: kind);

        ObjectiveResult result = objective.Evaluate(Output(logits, ("middle", middle)), Ragged);
        Tensor expected = (0.7 * main.Evaluate(ownLogits, Ragged).Loss) + (0.3 * head.Evaluate(ownMiddle, Ragged).Loss);
        result.Loss.sum().backward();
        expected.sum().backward();

        Assert.That(Distance.Between(result.Loss, expected), Is.LessThan(1e-14));
        Assert.That(Distance.Between(logits.grad!, ownLogits.grad!), Is.LessThan(1e-15));
        Assert.That(Distance.Between(middle.grad!, ownMiddle.grad!), Is.LessThan(1e-15));
        Assert.That((result.Heads[0].Name, result.Heads[0].Weight), Is.EqualTo(("middle", 0.3)));
        Assert.That(Distance.Between(result.Heads[0].Loss, head.Evaluate(ownMiddle.detach(), Ragged).Loss), Is.LessThan(1e-15));
        Assert.That(result.Heads[0].Loss.requires_grad, Is.False);
    }

    [Test]
    public void A_head_can_be_looked_at_by_itself_and_its_frames_scored_without_a_lattice()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var doubled = new ObjectiveParts { Emissions = [new Doubled()] };
        using var objective = new Objective(
            doubled, recursion: kind, heads: [new ObjectiveHead("middle", doubled, 1), new ObjectiveHead("other", new ObjectiveParts(), 1)]);
        EncoderOutput output = Output(Leaf(1), ("middle", Leaf(2))), all = Output(Leaf(1), ("middle", Leaf(2)), ("other", Leaf(3)));
        BatchEvaluation one = objective.InspectHead("middle", output, Ragged), among = objective.InspectHeads(all, Ragged)["middle"];
        Assert.That(Distance.Between(one.Loss, among.Loss), Is.Zero);
        Assert.That(Distance.Between(objective.ScoreFrames(output, Ragged, "middle"), one.Scores), Is.Zero);
        Assert.That(Distance.Between(objective.ScoreFrames(output, Ragged), objective.Inspect(output, Ragged).Scores), Is.Zero);
        Assert.That(() => objective.InspectHead("none", output, Ragged), Throws.InstanceOf<KeyNotFoundException>());
    }

    [Test]
    public void A_head_of_weight_0_changes_no_bit()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor logits = Leaf(1), own = Leaf(1);
        using var with = new Objective(new ObjectiveParts(), recursion: kind, heads: [new ObjectiveHead("middle", new ObjectiveParts(), 0)]);
        using var without = new Objective(new ObjectiveParts(), recursion: kind);
        Tensor loss = with.Evaluate(Output(logits, ("middle", Leaf(2))), Ragged).Loss, expected = without.Evaluate(own, Ragged).Loss;
        loss.backward();
        expected.backward();
        Assert.That(loss.ToDouble(), Is.EqualTo(expected.ToDouble()));
        Assert.That(logits.grad!.equal(own.grad!).all().item<bool>());
    }

    [Test]
    public void The_weight_follows_its_schedule()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var rising = new LinearSchedule { From = 0, To = 1, Until = new TrainingTime(4, TrainingUnit.Steps) };
        using var objective = new Objective(
            new ObjectiveParts(), recursion: kind, heads: [new ObjectiveHead("middle", new ObjectiveParts(), rising)], weight: 0);
        var batch = new Batch(Ragged.Targets, Ragged.Frames, 4, progress: new Progress(1, 0.1, Training: true));
        ObjectiveResult result = objective.Evaluate(Output(Leaf(1), ("middle", Leaf(2))), batch);
        Assert.That(result.Loss.ToDouble(), Is.EqualTo(0.25 * result.Heads[0].Loss.ToDouble()).Within(1e-14));
    }

    [Test]
    public void A_stream_of_other_frames_is_aligned_with_its_own()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor slow = Leaf(3).narrow(0, 0, 4);
        long[] frames = [4, 4, 1];
        using var objective = new Objective(
            new ObjectiveParts(), Reduction.None, recursion: kind, heads: [new ObjectiveHead("slow", new ObjectiveParts(), 1)], weight: 0);
        using var own = new Objective(new ObjectiveParts(), Reduction.None, recursion: kind);
        var output = new EncoderOutput(Leaf(1))
        {
            Streams = new Dictionary<string, Tensor> { ["slow"] = slow },
            StreamFrames = new Dictionary<string, IReadOnlyList<long>> { ["slow"] = frames },
        };
        Assert.That(
            Distance.Between(objective.Evaluate(output, Ragged).Loss, own.Evaluate(slow, Ragged.WithFrames(frames)).Loss), Is.LessThan(1e-15));
    }

    // In the head the second utterance has too few frames, in the objective itself the third.
    [TestCase(InfeasiblePolicy.Zero)]
    [TestCase(InfeasiblePolicy.Drop)]
    [TestCase(InfeasiblePolicy.Inf)]
    public void Utterances_without_alignment_follow_the_policy(InfeasiblePolicy policy)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var batch = new Batch([[1], [2, 2], [1, 1, 1]], [6, 6, 4], tokens: 4);
        Tensor logits = Leaf(1), middle = Leaf(2);
        using var objective = new Objective(
            new ObjectiveParts(), Reduction.MeanUtterance, policy, kind, [new ObjectiveHead("middle", new ObjectiveParts(), 0.5)]);
        EncoderOutput output = Uneven(logits, middle);
        ObjectiveResult result = objective.Evaluate(output, batch);
        double[] own = Losses(logits, batch), ofHead = Losses(middle, batch.WithFrames([6, 2, 6]));

        double[] expected = policy switch
        {
            InfeasiblePolicy.Zero => [own[0] + (0.5 * ofHead[0]), own[1], 0.5 * ofHead[2]],
            InfeasiblePolicy.Drop => [own[0] + (0.5 * ofHead[0]), own[1], 0],
            _ => [own[0] + (0.5 * ofHead[0]), double.PositiveInfinity, double.PositiveInfinity],
        };
        Assert.That(result.PerUtterance.data<double>().ToArray(), Is.EqualTo(expected).Within(1e-14));
        double mean = policy == InfeasiblePolicy.Drop ? expected.Sum() / 2 : expected.Average();
        Assert.That(result.Loss.ToDouble(), Is.EqualTo(mean).Within(1e-14));
        Assert.That((result.Infeasible, result.Heads[0].Infeasible), Is.EqualTo((new[] { 2 }, new[] { 1 })));
        Assert.That(result.Heads[0].Counted, Is.EqualTo(policy == InfeasiblePolicy.Drop ? 2 : 3), "the head's own");
        if (policy == InfeasiblePolicy.Inf) return;
        result.Loss.backward();
        Assert.That(middle.grad!.select(1, 1).count_nonzero().item<long>(), Is.Zero);
        Assert.That(logits.grad!.select(1, 2).count_nonzero().item<long>(), Is.Zero);
    }

    [Test]
    public void Under_the_policy_error_an_utterance_needs_an_alignment_in_every_head()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var objective = new Objective(new ObjectiveParts(), recursion: kind, heads: [new ObjectiveHead("middle", new ObjectiveParts(), 1)]);
        var failure = Assert.Throws<InfeasibleException>(() => objective.Evaluate(
            Uneven(Leaf(1), Leaf(2)), new Batch([[1], [2, 2], [1]], [6, 6, 4], tokens: 4)))!;
        Assert.That(failure.Message, Does.Contain("in the head 'middle': 1 has 2 frames and needs 3"));
        Assert.That(failure.Utterances, Is.EqualTo(new[] { 1 }));
        failure = Assert.Throws<InfeasibleException>(() => objective.Evaluate(
            Uneven(Leaf(1), Leaf(2)), new Batch([[1], [2, 2], [1, 1, 1]], [6, 6, 4], tokens: 4)))!;
        Assert.That(failure.Message, Does.Contain("their targets: 2 has 4 frames and needs 5"));
        Assert.That(failure.Utterances, Is.EqualTo(new[] { 1, 2 }));
    }

    [Test]
    public void Parts_of_heads_are_registered_observe_and_draw_under_their_own_places()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Counting own = new(), first = new(), second = new();
        ObjectiveParts With(Counting part) => new() { Weighting = [part] };
        using var objective = new Objective(
            With(own), recursion: kind, heads: [new ObjectiveHead("middle", With(first), 1), new ObjectiveHead("middle", With(second), 1)]);
        objective.Begin(new TrainingSet(Ragged.Targets, Ragged.Frames, Ragged.Vocabulary));
        var batch = new Batch(Ragged.Targets, Ragged.Frames, 4, progress: new Progress(1, 0.1, Training: true));
        objective.Evaluate(Output(Leaf(1), ("middle", Leaf(1))), batch);
        objective.EndEpoch();

        Assert.That(objective.Heads, Is.EqualTo(new[] { "middle", "middle-2" }));
        Assert.That(
            objective.named_children().Select(child => child.name),
            Is.EqualTo(new[] { "weighting-counting", "heads-middle-weighting-counting", "heads-middle-2-weighting-counting" }));
        Assert.That(objective.Modules, Is.EqualTo(new[] { own, first, second }));
        Assert.That(new[] { own, first, second }.Select(part => part.Calls), Is.All.EqualTo("begin weigh observe end"));
        Assert.That(new[] { own, first, second }.Select(part => part.Drawn).Distinct().Count(), Is.EqualTo(3));
    }

    [Test]
    public void Parts_of_a_head_begin_with_the_lengths_of_its_stream()
    {
        Counting own = new(), slow = new();
        var parts = new ObjectiveParts { Weighting = [slow] };
        using var objective = new Objective(
            new ObjectiveParts { Weighting = [own] }, recursion: kind, heads: [new ObjectiveHead("slow", parts, 1)]);
        long[] frames = [3, 2, 1];
        objective.Begin(
            new TrainingSet(Ragged.Targets, Ragged.Frames, Ragged.Vocabulary), new Dictionary<string, IReadOnlyList<long>> { ["slow"] = frames });
        Assert.That((own.Frames, slow.Frames), Is.EqualTo((Ragged.Frames, (IReadOnlyList<long>)frames)));
    }

    [Test]
    public void A_stream_that_is_missing_or_has_another_vocabulary_is_named()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var objective = new Objective(new ObjectiveParts(), recursion: kind, heads: [new ObjectiveHead("middle", new ObjectiveParts(), 1)]);
        Assert.That(() => objective.Evaluate(Leaf(1), Ragged), Throws.ArgumentException.With.Message.Contains("The encoder has no stream 'middle'"));
        Assert.That(
            () => objective.Evaluate(Output(Leaf(1), ("middle", torch.zeros(6, 3, 9))), Ragged),
            Throws.ArgumentException.With.Message.Contains("The stream 'middle' has 9 tokens; expected 4"));
    }

    private static Tensor Leaf(ulong seed) => torch.randn([6, 3, 4], torch.float64, generator: new torch.Generator(seed)).requires_grad_();

    private static EncoderOutput Output(Tensor logits, params (string Name, Tensor Stream)[] streams) =>
        new(logits) { Streams = streams.ToDictionary(stream => stream.Name, stream => stream.Stream) };

    private static EncoderOutput Uneven(Tensor logits, Tensor middle) => new(logits)
    {
        Streams = new Dictionary<string, Tensor> { ["middle"] = middle },
        StreamFrames = new Dictionary<string, IReadOnlyList<long>> { ["middle"] = [6, 2, 6] },
    };

    private static double[] Losses(Tensor logits, Batch batch)
    {
        using var objective = new Objective(new ObjectiveParts(), Reduction.None, InfeasiblePolicy.Zero);
        return [.. objective.Evaluate(logits.detach(), batch).Loss.data<double>()];
    }

    private sealed class Doubled : IEmissionTransform
    {
        public Tensor Transform(Tensor scores, Batch batch) => scores * 2;
    }

    private sealed class Doubling : ILossWeighting
    {
        public Tensor Weigh(Evaluation evaluation) => torch.full_like(evaluation.Loss, 2);
    }

    [Part("counting", Needs = Needs.Draws)]
    private sealed class Counting() : torch.nn.Module("counting"), ILossWeighting, ITrainingObserver
    {
        private readonly List<string> calls = [];

        public string Calls => string.Join(' ', calls);

        public string Drawn { get; private set; } = "";

        public IReadOnlyList<long> Frames { get; private set; } = [];

        public void Begin(TrainingSet training)
        {
            calls.Add("begin");
            Frames = training.Frames;
        }

        public Tensor Weigh(Evaluation evaluation)
        {
            calls.Add("weigh");
            Drawn = string.Join(' ', evaluation.Draw(3).Tokens.data<long>());
            return torch.ones_like(evaluation.Loss);
        }

        public void Observe(Evaluation evaluation) => calls.Add("observe");

        public void EndEpoch() => calls.Add("end");
    }
}
