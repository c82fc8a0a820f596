using Ctc.Configuration.Schema;
using Ctc.Engine.Objectives;
using Ctc.Engine.Topologies;
using Ctc.Experiments.Alignments;
using Ctc.Experiments.Decoding;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Alignments;

[NoTensorLeaks]
public class LongAlignmentTests
{
    private const int Tokens = 32;

    private static readonly ITopology[] Topologies =
        [new CtcTopology(), new ModifiedTopology(), new NoBlankTopology(), new SelflessTopology(), new AnythingBetween()];

    [TestCaseSource(nameof(Topologies))]
    public void Pieces_have_the_path_of_the_whole_and_its_confidences(ITopology topology) => Compare(topology, new Vocabulary(Tokens));

    [TestCase(PausePlaces.Words)]
    [TestCase(PausePlaces.Tokens)]
    public void So_do_those_of_a_text_with_pauses(PausePlaces between)
    {
        // Every third token begins a word; the blank is the silence.
        var alphabet = new Alphabet([.. Enumerable.Range(1, Tokens - 1).Select(token => $"{(token % 3 == 0 ? " " : "")}{(char)('A' + token)}")]);
        Compare(new NoBlankTopology(new NoBlankOptions { Silence = alphabet[0], Between = between }), new Vocabulary(alphabet));
    }

    private static void Compare(ITopology topology, Vocabulary vocabulary)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Tensor logits, long[] target) = Spoken(frames: 400, length: 60);
        using var objective = new Objective(new ObjectiveParts { Topology = topology });
        var batch = new Batch([target], [400], vocabulary, default, names: null, graphs: null);
        AlignedUtterance whole = BatchAlignment.From(
            objective.Inspect(logits, batch), topology, ["x"], EdgeKind.Expected, [null], [[new SymbolWord("w", 3, 5)]])[0];
        AlignedUtterance pieces =
            LongAlignment.Find(Aligning(objective), logits, batch, "x", EdgeKind.Expected, [new SymbolWord("w", 3, 5)], tokensOfPiece: 7)!;
        Assert.That(pieces.Score, Is.EqualTo(whole.Score).Within(1e-9));
        Assert.That(pieces.Tokens!.Select(token => (token.Symbol, token.Start, token.End)),
            Is.EqualTo(whole.Tokens!.Select(token => (token.Symbol, token.Start, token.End))));
        foreach (Func<AlignedToken, double?> value in (Func<AlignedToken, double?>[])[t => t.From, t => t.To, t => t.Posterior, t => t.Occupancy])
        {
            Assert.That(
                pieces.Tokens!.Select(token => value(token) ?? -1), Is.EqualTo(whole.Tokens!.Select(token => value(token) ?? -1)).Within(1e-3));
        }

        Assert.That((pieces.Words![0].Start, pieces.Words[0].End), Is.EqualTo((whole.Words![0].Start, whole.Words[0].End)));
    }

    [Test]
    public void A_text_that_does_not_fit_is_named_and_a_graph_has_no_pieces()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Tensor logits, _) = Spoken(frames: 5, length: 2);
        using var ctc = new Objective(new ObjectiveParts { Topology = new CtcTopology() });
        using var graph = new Objective(new ObjectiveParts { Topology = new GraphTopology() });
        var batch = new Batch([[1, 1, 1, 1]], [5], new Vocabulary(Tokens), default, ["x.npy"], graphs: null);
        Assert.That(
            LongAlignment.Find(Aligning(ctc), logits, batch, "x", EdgeKind.Frames, null)!.Problem, Is.EqualTo("x.npy has 5 frames and needs 7"));
        var arcs = new Graph([1, 2], [new GraphArc(0, 1, 0)], [new ScoredState(0, 0)], [new ScoredState(1, 0)]);
        var ofGraph = new Batch([[1, 2]], [5], new Vocabulary(Tokens), default, ["x"], [arcs]);
        Assert.That(LongAlignment.Find(Aligning(graph), logits, ofGraph, "x", EdgeKind.Frames, null), Is.Null);
    }

    // A tenth of an hour, and an hour: 100 frames and 14 tokens a second.
    [TestCase(36_000, 5_000)]
    [TestCase(360_000, 50_000, Category = "Long", Explicit = true, Reason = "an hour, for its memory and time")]
    [Category("Slow")]
    public void A_long_text_is_where_it_was_spoken(int frames, int length)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Tensor logits, long[] target) = Spoken(frames, length);
        using var objective = new Objective(new ObjectiveParts { Topology = new CtcTopology() });
        var time = System.Diagnostics.Stopwatch.StartNew();
        var batch = new Batch([target], [frames], Tokens);
        AlignedUtterance aligned = LongAlignment.Find(Aligning(objective), logits, batch, "x", EdgeKind.Expected, null)!;
        string peak = File.ReadLines("/proc/self/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        TestContext.Out.WriteLine($"{time.Elapsed.TotalSeconds:f1} s, {peak}");
        Assert.That(aligned.Tokens!.Select(token => token.Start), Is.EqualTo(target.Select((_, u) => (int)((u + 0.5) * frames / length))));
        if (frames == 360_000) Assert.That(long.Parse(peak.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2]), Is.LessThan(1_000_000));
    }

    private static AligningObjective Aligning(Objective objective) => new(objective);

    // Tokens at equal distances, each with a spike of one frame amid blanks, in noise.
    private static (Tensor Logits, long[] Target) Spoken(int frames, int length)
    {
        var random = new Random(1);
        long[] target = [.. Enumerable.Range(0, length).Select(u => 1L + (u * 7 % (Tokens - 1)))];
        var numbers = new double[frames * Tokens];
        for (int i = 0; i < numbers.Length; i++) numbers[i] = (3 * random.NextDouble()) + (i % Tokens == 0 ? 5 : 0);
        for (int u = 0; u < length; u++) numbers[((int)((u + 0.5) * frames / length) * Tokens) + target[u]] += 10;
        Tensor logits = torch.tensor(numbers, [frames, 1, Tokens]);
        return (logits, target);
    }

    /// <summary>A token takes a frame; between two of them is the blank, or at a price any token: a lattice with classes, as that of star.</summary>
    [Part("anything-between", Summary = "For tests.")]
    private sealed class AnythingBetween : ITopology
    {
        public Lattices Build(Batch batch)
        {
            Lattice lattice = Lattice.FromTargets(batch, "anything-between", (_, state, step) => step switch
            {
                WovenTarget.Stay => !WovenTarget.IsToken(state),
                WovenTarget.Skip => WovenTarget.IsToken(state),
                _ => true,
            });
            int states = (int)lattice.Labels.shape[1];
            long[] labels =
                [.. lattice.Labels.data<long>().Select((label, cell) => WovenTarget.IsToken(cell % states) ? label : batch.Tokens)];
            return new Lattices(lattice.WithLabels(torch.tensor(labels, lattice.Labels.shape)).WithClasses(new TokenClasses(
                rest: torch.full([batch.Size, 1], -4, torch.float64),
                tokens: torch.zeros([batch.Size, 1, 1], torch.int64),
                weights: torch.zeros([batch.Size, 1, 1], torch.float64))));
        }

        public long[] Spell(ReadOnlySpan<long> path, Vocabulary vocabulary) => [.. path.ToArray().SelectMany(vocabulary.Spelling)];
    }
}
