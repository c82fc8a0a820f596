using Ctc.Engine.Frames;
using Ctc.Engine.Objectives;
using Ctc.Engine.Recursions;
using Ctc.Engine.Topologies;
using Ctc.Testing.Oracles;
using Ctc.Tests;

namespace Ctc.Plugins.Tests;

[NoTensorLeaks]
public class GramTests
{
    // Blank 0, a 1, b 2, c 3, and the grams ab, ba, bb, abc.
    private static readonly Vocabulary Letters =
        new Vocabulary(4).WithAdded([new("ab", [1, 2]), new("ba", [2, 1]), new("bb", [2, 2]), new("abc", [1, 2, 3])]);

    // Uniform over blank, a, b, ab, three frames: 11 of the 64 paths spell ab.
    [Test]
    public void Of_three_uniform_frames_eleven_paths_spell_a_gram_of_two()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Vocabulary four = new Vocabulary(3).WithAdded([new("ab", [1, 2])]);
        using var objective = new Objective(new ObjectiveParts { Topology = Part() }, Reduction.None);
        Tensor loss = objective.Evaluate(torch.zeros([3, 1, 4], torch.float64), Batch([[1, 2]], [3], four)).Loss;
        Assert.That(loss.item<double>(), Is.EqualTo(Math.Log(64.0 / 11)).Within(1e-12));
    }

    [Test]
    public void Its_paths_are_all_that_spell_the_target([Range(0, 19)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var random = new Random(seed);
        ITopology topology = Part();
        long[][] targets =
            [.. Enumerable.Range(0, 3).Select(_ => Enumerable.Range(0, random.Next(0, 5)).Select(_ => random.NextInt64(1, 4)).ToArray())];
        Batch batch = Batch(targets, [4, random.Next(0, 5), random.Next(1, 5)], Letters);
        Tensor logits = torch.randn([4, 3, Letters.Size], torch.float64, generator: new torch.Generator((ulong)seed));
        using var objective = new Objective(new ObjectiveParts { Topology = topology }, Reduction.None, InfeasiblePolicy.Inf);

        double[] loss = objective.Evaluate(logits, batch).Loss.data<double>().ToArray();
        for (int b = 0; b < targets.Length; b++)
        {
            double[,] y = RandomCase.Rows(logits.log_softmax(2), b, batch.Frames[b]);
            double sum = SpelledPaths.LogSum(
                Letters.Size, batch.Frames[b], path => path.Select((token, t) => y[t, token]).Sum(),
                    targets[b], path => topology.Spell(path, Letters));
            Assert.That(loss[b], Is.EqualTo(-sum).Within(1e-9), $"[{string.Join(' ', targets[b])}] in {batch.Frames[b]} frames");
        }
    }

    [Test]
    [Category("Slow")]
    public void Gradients_equal_finite_differences([Range(0, 9)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Batch batch = Batch([[1, 2, 2, 1], [2, 2], [1, 2, 3]], [4, 3, 1], Letters);
        Tensor logits = torch.randn([4, 3, Letters.Size], torch.float64, generator: new torch.Generator((ulong)seed));
        using var objective = new Objective(new ObjectiveParts { Topology = Part() }, Reduction.Sum, InfeasiblePolicy.Zero);
        Tensor Loss(Tensor x) => objective.Evaluate(x, batch).Loss;
        Assert.That(Distance.Between(FiniteDifferences.Autograd(Loss, logits), FiniteDifferences.Gradient(Loss, logits)), Is.LessThan(1e-7));
    }

    [Test]
    public void Without_grams_it_is_CTC_in_every_recursion([Range(0, 9)] int seed, [Values] RecursionKind recursion)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase drawn = RandomCase.Draw(seed);
        using Objective grams = new(new ObjectiveParts { Topology = Part() }, Reduction.None, InfeasiblePolicy.Zero, recursion);
        using Objective plain = new(new ObjectiveParts { Topology = new CtcTopology() }, Reduction.None, InfeasiblePolicy.Zero);
        Assert.That(
            Distance.Between(grams.Evaluate(drawn.Logits, drawn.Batch).Loss, plain.Evaluate(drawn.Logits, drawn.Batch).Loss), Is.LessThan(1e-12));
    }

    [Test]
    public void The_fewest_frames_are_those_of_the_longest_grams()
    {
        long[][] targets = [[1, 2, 3], [1, 2, 1, 2], [2, 2, 2, 2], [3, 3], [2, 2, 2], []];
        Batch batch = Batch(targets, [.. targets.Select(_ => 9L)], Letters);
        Assert.That(FewestFrames.Find(Part(), batch), Is.EqualTo(new long[] { 1, 3, 3, 3, 2, 0 })); // ab-ab, or a ba b
    }

    [Test]
    public void The_best_alignment_knows_the_positions_of_the_grams()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor positions = Part().Build(Batch([[1, 2], [1]], [3, 3], Letters)).Numerator.Positions!;
        // (i, j) in the order (i, 1), (i, 2), (i, 3), (i, 0)
        Assert.That(positions[0].data<long>().ToArray()[8..], Is.EqualTo(new long[] { 1, 0, -1, -1 }));
        Assert.That(positions[1].data<long>().ToArray()[4], Is.Zero);
        Assert.That(positions.min().item<long>(), Is.EqualTo(-1), "where a gram is longer than what is read");
    }

    [Test]
    public void Grams_that_occur_often_enough_become_tokens()
    {
        var digits = new Vocabulary(new Alphabet(["0", "1", "2"]));
        long[][] targets = [[1, 2, 1, 2], [2, 3], [1, 2, 3], [3]];
        string[] Names(string options) => [.. Part(options).AddTokens(digits, targets).Select(token => token.Name)];
        Assert.That(Names("minimum-count: 2"), Is.EqualTo(new[] { "01", "12" }));
        Assert.That(Names("minimum-count: 1, max: 3"), Is.EqualTo(new[] { "01", "10", "12", "010", "101", "012" }));
        Assert.That(Names("max: 1"), Is.Empty);
        Assert.That(Part("minimum-count: 2").AddTokens(digits, targets)[1].Spelling, Is.EqualTo(new long[] { 2, 3 }));
    }

    [Test]
    public void A_file_can_list_the_grams()
    {
        using var folder = new TemporaryFolder();
        string file = folder.In("grams.txt");
        var letters = new Vocabulary(new Alphabet(["e", "h", "t", "中"]));
        IReadOnlyList<AddedToken> Listed(string text, Vocabulary vocabulary)
        {
            File.WriteAllText(file, text);
            return DiscoveredPart.Create<ITopology>("gram", ("Inventory", file)).AddTokens(vocabulary, []);
        }

        Assert.That(Listed("the\nt\n\nhe\n中中\nhe\n", letters).Select(token => token.Name), Is.EqualTo(new[] { "the", "he", "中中" }));
        Assert.That(
            () => Listed("he\nthx\n", letters),
            Throws.TypeOf<InvalidDataException>().With.Message.EqualTo($"{file}, line 2: 'x' is no symbol of the data set; expected its symbols only."));
        Assert.That(() => Listed("he\n", new Vocabulary(4)), Throws.TypeOf<InvalidDataException>().With.Message.Contains("expected an alphabet"));
    }

    private static Batch Batch(IReadOnlyList<long[]> targets, IReadOnlyList<long> frames, Vocabulary vocabulary) =>
        new(targets, frames, vocabulary, default, names: null, graphs: null);

    private static ITopology Part(string options = "") => DiscoveredPart.Create<ITopology>("gram", options);
}
