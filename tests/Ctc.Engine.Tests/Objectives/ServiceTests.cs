using Ctc.Engine.Objectives;
using Ctc.Engine.Recursions;
using Ctc.Engine.Topologies;
using Ctc.Testing.Oracles;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Objectives;

/// <summary>What a part can ask of an evaluation: the numerator, other targets and scores, streams, draws, spelling.</summary>
[NoTensorLeaks]
[TestFixture(RecursionKind.Auto)]
[TestFixture(RecursionKind.Differentiable)]
public class ServiceTests(RecursionKind kind)
{
    private static readonly ObjectiveParts Transformed = new() { Emissions = [new Halving()], Lattice = [new LaterArcs()] };

    [Test]
    public void The_numerator_is_the_lattice_after_its_transforms_under_the_scores_after_theirs([Range(0, 19)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase random = RandomCase.Draw(seed);
        BatchEvaluation evaluation = Inspect(Transformed, random.Logits, random.Batch);
        Lattice lattice = new LaterArcs().Transform(new CtcTopology().Build(random.Batch).Numerator, random.Batch);
        Tensor scores = random.Logits.log_softmax(2) / 2;
        for (int b = 0; b < random.Batch.Size; b++)
        {
            LatticePathSum expected = LatticePathEnumeration.Sum(lattice, RandomCase.Rows(scores, b, random.Batch.Frames[b]), b);
            Assert.That(evaluation.Numerator.LogLikelihood[b].ToDouble(), Is.EqualTo(expected.LogLikelihood).Within(1e-9));
            Assert.That(
                RandomCase.Rows(evaluation.Numerator.States, b, random.Batch.Frames[b]), Is.EqualTo(expected.States).Within(1e-9));
        }
    }

    [Test]
    public void Other_targets_are_evaluated_as_in_a_batch_of_their_own([Range(0, 11)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase random = RandomCase.Draw(seed);
        long[][] others = [.. random.Batch.Targets.Reverse()];
        Tensor leaf = random.Logits.clone().requires_grad_(), own = random.Logits.clone().requires_grad_();
        Evaluation asked = Inspect(Transformed, leaf, random.Batch).EvaluateWith(others);
        BatchEvaluation expected = Inspect(Transformed, own, random.Batch.WithTargets(others));
        (asked.Loss.sum() + (asked.Scores * asked.Occupancy).sum()).backward();
        (expected.Loss.sum() + (expected.Scores * expected.Occupancy).sum()).backward();

        Assert.That(asked.Feasible.equal(expected.Feasible).all().item<bool>());
        Assert.That(Distance.Between(asked.Loss, expected.Loss), Is.Zero);
        Assert.That(Distance.Between(asked.Occupancy, expected.Occupancy), Is.Zero);
        Assert.That(Distance.Between(leaf.grad!, own.grad!), Is.LessThan(1e-14));
    }

    [Test]
    public void Other_log_probabilities_are_evaluated_under_the_same_parts_and_gradients_reach_them([Range(0, 11)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase random = RandomCase.Draw(seed);
        Tensor other = torch.randn(random.Logits.shape, torch.float64, generator: new torch.Generator(7));
        Tensor leaf = other.clone().requires_grad_(), own = other.clone().requires_grad_(), model = random.Logits.clone().requires_grad_();
        Evaluation asked = Inspect(Transformed, model, random.Batch).EvaluateWith(logProbs: leaf.log_softmax(2));
        BatchEvaluation expected = Inspect(Transformed, own, random.Batch);
        (asked.Loss.sum() + (0 * model.sum())).backward();
        expected.Loss.sum().backward();

        Assert.That(Distance.Between(asked.Loss, expected.Loss), Is.LessThan(1e-12));
        Assert.That(Distance.Between(leaf.grad!, own.grad!), Is.LessThan(1e-12));
        Assert.That(model.grad!.count_nonzero().item<long>(), Is.Zero);
    }

    [Test]
    public void Infeasible_other_targets_have_no_loss_and_no_gradient()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor leaf = torch.zeros([2, 1, 3], torch.float64).requires_grad_();
        Evaluation asked = Inspect(new ObjectiveParts(), leaf, new Batch([[1]], [2], tokens: 3)).EvaluateWith([[1, 2, 1]]);
        asked.Loss.sum().backward();
        Assert.That(asked.Feasible[0].item<bool>(), Is.False);
        Assert.That((asked.Loss[0].ToDouble(), leaf.grad!.count_nonzero().item<long>()), Is.EqualTo((0.0, 0L)));
    }

    [Test]
    public void A_stream_of_logits_is_normalised_over_valid_frames_and_its_padding_is_not_read()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor logits = torch.randn([3, 2, 4], torch.float64, generator: new torch.Generator(1)), dirty = logits.clone();
        dirty.select(1, 1).narrow(0, 1, 2).fill_(double.NaN);
        dirty.requires_grad_();
        var output = new EncoderOutput(logits) { Streams = new Dictionary<string, Tensor> { ["middle"] = dirty, ["wide"] = torch.zeros(3, 2, 7) } };
        using var objective = new Objective(new ObjectiveParts(), recursion: kind);
        BatchEvaluation evaluation = objective.Inspect(output, new Batch([[1], [2]], [3, 1], tokens: 4));

        Tensor read = evaluation.LogProbsOf("middle");
        Assert.That(Distance.Between(read.narrow(0, 0, 1), logits.narrow(0, 0, 1).log_softmax(2)), Is.LessThan(1e-15));
        Assert.That(read[2, 1, 0].ToDouble(), Is.EqualTo(-Math.Log(4)).Within(1e-15));
        evaluation.SumFrames(read.select(2, 1)).sum().backward();
        Assert.That(dirty.grad!.isfinite().all().item<bool>());
        Assert.That(evaluation.Stream("wide").shape, Is.EqualTo(new long[] { 3, 2, 7 }));
        Assert.That(() => evaluation.LogProbsOf("wide"), Throws.ArgumentException.With.Message.Contains("'wide' has shape [3, 2, 7]"));
        Assert.That(() => evaluation.Stream("end"), Throws.ArgumentException.With.Message.Contains("no stream 'end'; expected middle or wide"));
    }

    [Test]
    public void Without_a_lattice_of_everything_each_frame_draws_a_token_by_its_probability()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        const int count = 20_000;
        Tensor logits = torch.tensor([0.0, 1, 2, double.NegativeInfinity, 0.5, 0.5], [2, 1, 3]);
        BatchEvaluation evaluation = Inspect(new ObjectiveParts(), logits, new Batch([[1]], [2], tokens: 3));
        BatchPaths paths = evaluation.Draw(count);
        Tensor p = evaluation.LogProbs.exp();
        for (int t = 0; t < 2; t++)
        {
            for (int v = 0; v < 3; v++)
            {
                double expected = count * p[t, 0, v].ToDouble(), found = paths.Tokens.select(1, t).eq(v).sum().ToDouble();
                Assert.That(found, Is.EqualTo(expected).Within(5 * Math.Sqrt(expected)));
            }
        }

        Tensor scores = evaluation.LogProbs.select(1, 0).gather(1, paths.Tokens.select(2, 0).transpose(0, 1)).sum([0]);
        Assert.That(Distance.Between(paths.Scores.select(1, 0), scores), Is.LessThan(1e-14));
        Assert.That(paths.States, Is.Null);
    }

    [Test]
    public void Paths_spell_the_targets_of_the_topology_cut_to_their_frames()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        BatchEvaluation evaluation = Inspect(
            new ObjectiveParts(), torch.zeros([4, 3, 3], torch.float64), new Batch([[1], [], [1]], [3, 0, 2], tokens: 3));
        Tensor read = torch.tensor([1L, 0, -1, 0, 0, -1, 1, 0, -1, 2, 0, -1], [1, 4, 3]);
        Assert.That(evaluation.Spell(new BatchPaths(null, read, torch.zeros(1, 3)))[0], Is.EqualTo(new long[][] { [1, 1], [], [] }));
    }

    [Test]
    public void Two_parts_draw_different_paths_and_one_part_the_same_ones_again()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Drawing first = new(), second = new();
        using var objective = new Objective(new ObjectiveParts { Weighting = [first, second] }, recursion: kind);
        var batch = new Batch([[1, 2]], [9], tokens: 4);
        Tensor logits = torch.zeros([9, 1, 4], torch.float64);
        objective.Evaluate(logits, batch);
        (long[] one, long[] other) = (first.Tokens, second.Tokens);
        objective.Evaluate(logits, batch);
        Assert.That(other, Is.Not.EqualTo(one));
        Assert.That((first.Tokens, second.Tokens), Is.EqualTo((one, other)));
    }

    [Test]
    public void What_a_part_does_not_declare_throws()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var batch = new Batch([[1]], [2], tokens: 2);
        BatchEvaluation shared = Inspect(new ObjectiveParts(), torch.zeros([2, 1, 2], torch.float64), batch);
        Evaluation seen = PartEvaluation.For(new Halving(), shared);
        (Action Read, Needs Need)[] members =
        [
            (() => _ = seen.Occupancy, Needs.Occupancy), (() => _ = seen.Entropy, Needs.Entropy), (() => _ = seen.ViterbiPath, Needs.ViterbiPath),
            (() => _ = seen.Numerator, Needs.Recursion), (() => seen.Distribution(new CtcTopology().Build(batch).Numerator), Needs.Recursion),
            (() => seen.EvaluateWith([[1]]), Needs.Recursion), (() => seen.Stream("x"), Needs.Streams), (() => seen.LogProbsOf("x"), Needs.Streams),
            (() => seen.Draw(1), Needs.Draws), (() => seen.OtherView(seen.LogProbs), Needs.OtherView),
        ];
        using (Assert.EnterMultipleScope())
        {
            foreach ((Action read, Needs need) in members)
            {
                Assert.That(read, Throws.InvalidOperationException.With.Message.Contains($"The part 'Halving' reads {need}"));
            }
        }
    }

    [Test]
    public void A_decoder_gets_a_batch_without_targets_and_what_depends_on_them_throws()
    {
        var curious = new Curious();
        using var objective = new Objective(new ObjectiveParts(), recursion: kind);
        using Tensor logits = torch.zeros([2, 1, 3]);
        Assert.That(
            () => objective.Decode(new EncoderOutput(logits), new Batch([[1, 2, 1]], [2], tokens: 3), curious),
            Throws.InvalidOperationException.With.Message.Contains("a decoder has none"));
        Assert.That(curious.Seen, Is.Empty);
    }

    private BatchEvaluation Inspect(ObjectiveParts parts, Tensor logits, Batch batch) =>
        new Objective(parts, recursion: kind).Inspect(logits, batch);

    private sealed class Halving : IEmissionTransform
    {
        public Tensor Transform(Tensor scores, Batch batch) => scores / 2;
    }

    private sealed class LaterArcs : ILatticeTransform
    {
        public Lattice Transform(Lattice numerator, Batch batch) =>
            numerator.WithArcs(numerator.Arcs.WithScores(numerator.Arcs.Scores - (0.3 * torch.arange(6, torch.float64).view(-1, 1, 1, 1))));
    }

    [Part("drawing", Needs = Needs.Recursion | Needs.Draws)]
    private sealed class Drawing : ILossWeighting
    {
        public long[] Tokens { get; private set; } = [];

        public Tensor Weigh(Evaluation evaluation)
        {
            long[] drawn = [.. evaluation.Draw(2).Tokens.data<long>()];
            Tokens = [.. drawn, .. evaluation.Numerator.Draw(2).Tokens.data<long>()];
            return torch.ones_like(evaluation.Loss);
        }
    }

    private sealed class Curious : IDecoder
    {
        public long[] Seen { get; private set; } = [-1];

        public IReadOnlyList<IReadOnlyList<Hypothesis>> Decode(Reading reading)
        {
            Seen = reading.Batch.Targets[0];
            _ = ((Evaluation)reading).Loss;
            return [];
        }
    }
}
