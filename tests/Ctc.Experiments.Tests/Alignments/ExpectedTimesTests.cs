using Ctc.Configuration.Schema;
using Ctc.Engine.Decoding;
using Ctc.Engine.Objectives;
using Ctc.Engine.Topologies;
using Ctc.Experiments.Alignments;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Alignments;

[NoTensorLeaks]
public class ExpectedTimesTests
{
    private const int Frames = 6, Tokens = 3;

    private static readonly TestCaseData[] Cases =
    [
        new(new CtcTopology(), new long[] { 1, 2 }), new(new CtcTopology(), new long[] { 1, 1 }), new(new CtcTopology(), new long[] { 2 }),
        new(new NoBlankTopology(), new long[] { 1, 2, 1 }), new(new ModifiedTopology(), new long[] { 2, 1 }),
    ];

    [TestCaseSource(nameof(Cases))]
    public void Times_are_means_over_all_paths(ITopology topology, long[] target)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using Tensor logits = Random();
        using var objective = new Objective(new ObjectiveParts { Topology = topology });
        var batch = new Batch([target, target], [Frames, Frames - 1], Tokens);
        BatchEvaluation evaluation = objective.Inspect(logits, batch);
        ExpectedTimes?[] times = ExpectedTimes.From(evaluation);
        for (int b = 0; b < 2; b++)
        {
            (double[] entered, double[] left) =
                Enumerate(logits.select(1, b), (int)batch.Frames[b], target, hasBlank: topology is not NoBlankTopology);
            Assert.That(times[b]!.Entered, Is.EqualTo(entered).Within(1e-12));
            Assert.That(times[b]!.Left, Is.EqualTo(left).Within(1e-12));
        }
    }

    [Test]
    public void A_text_that_does_not_fit_has_no_times()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using Tensor logits = Random();
        using var objective = new Objective(new ObjectiveParts { Topology = new CtcTopology() }, infeasible: InfeasiblePolicy.Zero);
        ExpectedTimes?[] times = ExpectedTimes.From(objective.Inspect(logits, new Batch([[1, 1, 1, 1], []], [Frames, 0], Tokens)));
        Assert.That(times, Is.EqualTo(new ExpectedTimes?[] { null, null }));
    }

    [TestCase(EdgeKind.Frames, new[] { 1.0, 3, 6, 7 })]
    [TestCase(EdgeKind.Midway, new[] { 1, 4.5, 4.5, 7 })]
    [TestCase(EdgeKind.First, new[] { 1.0, 6, 6, 7 })]
    [TestCase(EdgeKind.Last, new[] { 1.0, 3, 3, 7 })]
    [TestCase(EdgeKind.Expected, new[] { 1.25, 4.125, 4.125, 7.5 })]
    public void Edges_are_between_the_frames_of_two_tokens(EdgeKind kind, double[] expected)
    {
        var times = new ExpectedTimes([1.25, 5], [3.25, 7.5]);
        Assert.That(Flat(TokenEdges.Find(kind, [new FrameSpan(1, 3), new FrameSpan(6, 7)], times)), Is.EqualTo(expected));
        Assert.That(TokenEdges.Find(kind, [], times), Is.Empty);
    }

    [Test]
    public void Without_expected_times_edges_are_midway() =>
        Assert.That(
            Flat(TokenEdges.Find(EdgeKind.Expected, [new FrameSpan(1, 3), new FrameSpan(6, 7)], null)), Is.EqualTo(new[] { 1, 4.5, 4.5, 7 }));

    [TestCase(EdgeKind.Frames, new[] { 1.0, 3, 3, 3, 3, 4, 6, 7 })]
    [TestCase(EdgeKind.Midway, new[] { 1.0, 3, 3, 3, 3, 4, 6, 7 })]
    [TestCase(EdgeKind.First, new[] { 1.0, 3, 3, 3, 3, 4, 6, 7 })]
    [TestCase(EdgeKind.Expected, new[] { 1.25, 3.125, 3.125, 3.125, 3.125, 4.5, 5.75, 7.5 })]
    public void A_pause_belongs_to_no_token_and_one_that_is_not_there_is_where_the_token_before_it_ends(EdgeKind kind, double[] expected)
    {
        // The second token is a pause that is left out; between the last two there is one that is not of the text.
        var times = new ExpectedTimes([1.25, double.NaN, 3.25, 5.75], [3, double.NaN, 4.5, 7.5]);
        FrameSpan[] spans = [new(1, 3), new(3, 3), new(3, 4), new(6, 7)];
        Assert.That(Flat(TokenEdges.Find(kind, spans, times, arePauses: true)), Is.EqualTo(expected));
    }

    [Test]
    public void A_pause_has_the_times_of_the_paths_that_have_it()
    {
        // The five ways to share three frames among pause, a, pause, b, pause: "a b" with even scores.
        using DisposeScope scope = torch.NewDisposeScope();
        var topology = new NoBlankTopology(new NoBlankOptions { Silence = "pau" });
        var letters = new Vocabulary(new Alphabet(["a", " ", "b"]));
        using var objective = new Objective(new ObjectiveParts { Topology = topology });
        var batch = new Batch([[1, 2, 3]], [3], letters.WithAdded(topology.AddTokens(letters, [])), default, null, null);
        ExpectedTimes times = ExpectedTimes.From(objective.Inspect(torch.zeros([3, 1, 5], torch.float64), batch))[0]!;
        Assert.That(times.Entered, Is.EqualTo(new[] { 0.2, 1, 1.6 }).Within(1e-12));
        Assert.That(times.Left, Is.EqualTo(new[] { 1.4, 2, 2.8 }).Within(1e-12));
    }

    private static IEnumerable<double> Flat(FrameInterval[] edges) => edges.SelectMany(edge => new[] { edge.Start, edge.End });

    private static Tensor Random() => torch.randn([Frames, 2, Tokens], torch.float64, generator: new torch.Generator(7));

    // Over all token paths whose runs are the target.
    private static (double[] Entered, double[] Left) Enumerate(Tensor logits, int frames, long[] target, bool hasBlank)
    {
        double[] numbers = logits.log_softmax(1).contiguous().data<double>().ToArray();
        double mass = 0;
        double[] entered = new double[target.Length], left = new double[target.Length];
        for (int number = 0; number < Math.Pow(Tokens, frames); number++)
        {
            long[] path = new long[frames];
            for (int t = 0, rest = number; t < frames; t++, rest /= Tokens) path[t] = rest % Tokens;
            IReadOnlyList<FrameSpan> runs = TokenRuns.Find(path, blank: hasBlank ? 0 : null, merges: true);
            if (!runs.Select(run => path[run.Start]).SequenceEqual(target)) continue;
            double share = Math.Exp(path.Select((token, t) => numbers[(t * Tokens) + token]).Sum());
            mass += share;
            for (int u = 0; u < target.Length; u++) (entered[u], left[u]) = (entered[u] + (share * runs[u].Start), left[u] + (share * runs[u].End));
        }

        return ([.. entered.Select(sum => sum / mass)], [.. left.Select(sum => sum / mass)]);
    }
}
