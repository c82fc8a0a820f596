using System.Text.Json.Nodes;
using Ctc.Engine.Objectives;
using Ctc.Engine.Recursions;
using Ctc.Testing.Oracles;
using Ctc.Tests;

namespace Ctc.Plugins.Tests;

[NoTensorLeaks]
public class AsgTests
{
    private static IEnumerable<TestCaseData> Golden() => GoldenCase.Read("flashlight_asg_fac_fcc_small")["cases"]!.AsArray()
        .Select((one, i) => new TestCaseData(one).SetArgDisplayNames($"{one!["what"]!.GetValue<string>()} {i}"));

    // flashlight: ASG = FullConnection − ForceAlignment, the log-sums of all paths and of those of the target, without a blank.
    [TestCaseSource(nameof(Golden))]
    public void The_numbers_are_those_of_flashlight(JsonNode golden)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor scores = Scores(golden); // [N, T, C] to [T, B, V]
        double[] expected = GoldenCase.Numbers<double>(golden["expected"]!);
        long[][] targets = golden["targets"] is { } given
            ? [.. given.AsArray().Select(target => GoldenCase.Numbers<long>(target!))]
            : [.. expected.Select(_ => new long[] { 0 })];
        Batch batch = Batch(targets, [.. targets.Select(_ => scores.shape[0])], new Vocabulary(scores.shape[2], blank: null));
        using var objective = new Objective(new ObjectiveParts { Topology = Part() }, Reduction.None);
        Lattices lattices = objective.Topology.Build(batch);

        Tensor Sum(Lattice lattice) => Recursion.LogLikelihood(lattice, scores, batch.Frames);
        Tensor found = golden["what"]!.GetValue<string>() switch
        {
            "FullConnection" => Sum(lattices.Denominator!),
            "ASG" => objective.Evaluate(scores, batch, InputKind.Scores).Loss,
            _ => Sum(lattices.Numerator),
        };
        Assert.That(found.data<double>().ToArray(), Is.EqualTo(expected).Within(1e-12));
    }

    // Neither lattice nor recursion: all sequences of tokens without the blank, and those that spell the target.
    [Test]
    public void It_is_the_share_of_the_paths_that_spell_the_target([Range(0, 19)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var random = new Random(seed);
        ITopology topology = Begun(Part(), tokens: 3, blank: random.Next(3), out Vocabulary vocabulary);
        double[,] transitions = Randomise(topology, seed);
        long[] letters = [.. Enumerable.Range(0, 3).Select(v => (long)v).Where(v => v != vocabulary.Blank)];
        long[][] targets =
            [.. Enumerable.Range(0, 3).Select(_ => Enumerable.Range(0, random.Next(1, 5)).Select(_ => letters[random.Next(2)]).ToArray())];
        Batch batch = Batch(targets, [5, random.Next(1, 6), random.Next(1, 6)], vocabulary);
        Tensor logits = torch.randn([5, 3, vocabulary.Size], torch.float64, generator: new torch.Generator((ulong)seed));
        using var objective = new Objective(new ObjectiveParts { Topology = topology }, Reduction.None, InfeasiblePolicy.Inf);

        double[] loss = objective.Evaluate(logits, batch).Loss.data<double>().ToArray();
        for (int b = 0; b < 3; b++)
        {
            double[,] y = RandomCase.Rows(logits, b, batch.Frames[b]); // not normalised: a constant in each frame cancels
            double Score(long[] path) => path.Contains(vocabulary.Blank!.Value)
                ? double.NegativeInfinity
                : path.Select((token, t) => y[t, token] + (t > 0 ? transitions[token, path[t - 1]] : 0)).Sum();
            long[]? only = targets[b];
            double Sum(long[]? target) => SpelledPaths.LogSum(vocabulary.Size, batch.Frames[b], Score, target, path => Canonical(path, vocabulary));
            Assert.That(loss[b], Is.EqualTo(Sum(null) - Sum(only)).Within(1e-9), $"[{string.Join(' ', only)}] in {batch.Frames[b]} frames");
        }

        // A doubled token has one encoding: paths that spell it in another way are no alignments.
        long[] Canonical(long[] path, Vocabulary all)
        {
            long[] merged = [.. path.Where((token, t) => t == 0 || token != path[t - 1])], spelled = topology.Spell(path, all);
            return merged.SequenceEqual(Packed(spelled, all)) ? spelled : [-1];
        }
    }

    [Test]
    [Category("Slow")]
    public void Gradients_of_scores_and_transitions_equal_finite_differences([Range(0, 9)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        ITopology topology = Begun(Part(), tokens: 4, blank: 2, out Vocabulary vocabulary);
        Randomise(topology, seed);
        Batch batch = Batch([[0, 1, 1, 3], [0], [3, 3, 3]], [5, 3, 4], vocabulary);
        Tensor logits = torch.randn([5, 3, vocabulary.Size], torch.float64, generator: new torch.Generator((ulong)seed));
        using var objective = new Objective(new ObjectiveParts { Topology = topology }, Reduction.Sum);
        Tensor Loss(Tensor x) => objective.Evaluate(x, batch).Loss;
        Assert.That(Distance.Between(FiniteDifferences.Autograd(Loss, logits), FiniteDifferences.Gradient(Loss, logits)), Is.LessThan(1e-7));

        TorchSharp.Modules.Parameter learned = Transitions(topology);
        Tensor at = learned.detach().clone();
        ((torch.nn.Module)topology).zero_grad();
        Loss(logits).backward();
        Tensor slopes = FiniteDifferences.Gradient(
            x =>
            {
                learned.copy_(x);
                return Loss(logits);
            },
            at);
        Assert.That(Distance.Between(learned.grad!, slopes), Is.LessThan(1e-7));
        Assert.That(slopes[2].abs().sum().item<double>() + slopes[.., 2].abs().sum().item<double>(), Is.Zero, "those of the blank are not read");
    }

    [Test]
    public void The_blank_of_the_network_is_not_read()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        ITopology topology = Begun(Part(), tokens: 3, blank: 0, out Vocabulary vocabulary);
        Batch batch = Batch([[1, 2, 2]], [6], vocabulary);
        using var objective = new Objective(new ObjectiveParts { Topology = topology }, Reduction.Sum);
        Tensor logits = torch.randn([6, 1, vocabulary.Size], torch.float64, generator: new torch.Generator(3)), other = logits.clone();
        other[.., .., 0] = 7;
        Assert.That(
            objective.Evaluate(other, batch).Loss.item<double>(), Is.EqualTo(objective.Evaluate(logits, batch).Loss.item<double>()).Within(1e-12));
        Tensor slope = FiniteDifferences.Autograd(x => objective.Evaluate(x, batch).Loss, logits);
        Assert.That(slope[.., .., 0].abs().max().item<double>(), Is.LessThan(1e-14));
    }

    [TestCase("0 1 1 3", 1, "0 1 4 3", "0 1 2 3")]
    [TestCase("1 1 1", 1, "1 4 1", "0 1 2")]
    [TestCase("1 1 1 1 1", 1, "1 4 1 4 1", "0 1 2 3 4")]
    [TestCase("1 1 1 1 1", 3, "1 6 1", "0 1 4")]
    [TestCase("1 1 1 0 0", 3, "1 5 0 4", "0 1 3 4")]
    [TestCase("1 1 0", 0, "1 1 0", "0 1 2")]
    [TestCase("", 2, "", "")]
    public void Equal_neighbours_are_written_as_a_token_and_a_repetition(string target, int repetitions, string labels, string positions)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        ITopology topology = Part(repetitions);
        Vocabulary vocabulary = new Vocabulary(4, blank: 2).WithAdded(topology.AddTokens(new Vocabulary(4, blank: 2), []));
        Lattice lattice = topology.Build(Batch([Parse(target)], [9], vocabulary)).Numerator;
        int states = Parse(labels).Length;
        Assert.That(lattice.Labels.data<long>().ToArray().Take(states), Is.EqualTo(Parse(labels)));
        Assert.That(lattice.Positions!.data<long>().ToArray().Take(states), Is.EqualTo(Parse(positions)));
        if (repetitions == 0) return;
        Assert.That(topology.Spell(Parse(labels).SelectMany(token => new[] { token, token }).ToArray(), vocabulary), Is.EqualTo(Parse(target)));
    }

    // Two targets of 3 and 2 tokens in 8 and 2 frames: a token is left in half of all frames.
    [Test]
    public void Bigrams_of_the_training_set_are_the_first_transitions()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        ITopology topology = DiscoveredPart.Create<ITopology>("asg", "repetitions: 0, initial: bigrams");
        ((ITrainingObserver)topology).Begin(new TrainingSet([[0, 1, 0], [0, 1]], [8, 2], new Vocabulary(2, blank: null)));
        Tensor transitions = Transitions(topology).exp();
        Assert.That(transitions[0, 0].item<float>(), Is.EqualTo(0.5f).Within(1e-6)); // stays
        Assert.That(transitions[1, 0].item<float>(), Is.EqualTo(0.5f * 3 / 4).Within(1e-6)); // 0 1 twice, and one more of each
        Assert.That(transitions[0, 1].item<float>(), Is.EqualTo(0.5f * 2 / 3).Within(1e-6));
        ((IDisposable)topology).Dispose();
    }

    [Test]
    public void The_transitions_are_learned_and_saved()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        ITopology topology = Begun(Part(), tokens: 3, blank: 0, out Vocabulary vocabulary);
        using var objective = new Objective(new ObjectiveParts { Topology = topology }, Reduction.Sum);
        Assert.That(objective.state_dict().Keys, Does.Contain("topology-asg.transitions"));
        Assert.That(((ILearningRate)topology).Factor, Is.EqualTo(20));
        Assert.That(objective.parameters().Single().shape, Is.EqualTo(new[] { vocabulary.Size, vocabulary.Size }));
    }

    private static Tensor Scores(JsonNode golden)
    {
        if (golden["uniform"] is { } share) return Uniform(golden, share.GetValue<double>() is 0.25 ? Math.Log(0.25) : double.NaN);
        if (golden["uniform_log"] is { } logged) return Uniform(golden, Math.Log(logged.GetValue<double>()));
        Tensor given = GoldenCase.Tensor((golden["inputs"] ?? golden["probs_log_of"])!).transpose(0, 1);
        return golden["inputs"] is null ? given.log() : given;
    }

    private static Tensor Uniform(JsonNode golden, double score) =>
        torch.full([golden["T"]!.GetValue<long>(), 1, golden["C"]!.GetValue<long>()], score, torch.float64);

    private static long[] Parse(string tokens) => [.. tokens.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(long.Parse)];

    private static long[] Packed(long[] target, Vocabulary vocabulary)
    {
        var packed = new List<long>();
        for (int u = 0; u < target.Length; u++)
        {
            bool repeats = u > 0 && target[u] == target[u - 1] && packed[^1] == target[u];
            packed.Add(repeats ? vocabulary.TargetTokens : target[u]);
        }

        return [.. packed];
    }

    private static ITopology Begun(ITopology topology, long tokens, long blank, out Vocabulary vocabulary)
    {
        var before = new Vocabulary(tokens, blank);
        vocabulary = before.WithAdded(topology.AddTokens(before, []));
        ((ITrainingObserver)topology).Begin(new TrainingSet([], [], vocabulary));
        return topology;
    }

    private static double[,] Randomise(ITopology topology, int seed)
    {
        ((torch.nn.Module)topology).to(torch.float64);
        TorchSharp.Modules.Parameter learned = Transitions(topology);
        using (torch.no_grad()) learned.copy_(torch.randn(learned.shape, torch.float64, generator: new torch.Generator((ulong)seed + 100)));
        var table = new double[learned.shape[0], learned.shape[1]];
        foreach ((int to, int from) in Enumerable.Range(0, table.GetLength(0))
            .SelectMany(_ => Enumerable.Range(0, table.GetLength(1)), (i, j) => (i, j)))
        {
            table[to, from] = learned[to, from].item<double>();
        }

        return table;
    }

    private static TorchSharp.Modules.Parameter Transitions(ITopology topology) => ((torch.nn.Module)topology).get_parameter("transitions")!;

    private static Batch Batch(IReadOnlyList<long[]> targets, IReadOnlyList<long> frames, Vocabulary vocabulary) =>
        new(targets, frames, vocabulary, default, names: null, graphs: null);

    private static ITopology Part(int repetitions = 1) => DiscoveredPart.Create<ITopology>("asg", ("Repetitions", repetitions));
}
