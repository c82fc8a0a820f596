using Ctc.Engine.Frames;
using Ctc.Engine.Paths;
using Ctc.Engine.Recursions;
using Ctc.Engine.Tests.Recursions;
using Ctc.Engine.Topologies;
using Ctc.Testing.Oracles;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Topologies;

/// <summary>Pauses at both ends of a text and between its words: of the topologies <c>no-blank</c> and <c>lexicon</c>.</summary>
[NoTensorLeaks]
[TestFixture(RecursionKind.Fused)]
[TestFixture(RecursionKind.Differentiable)]
public class PauseTests(RecursionKind kind)
{
    private const PausePlaces Words = PausePlaces.Words, Tokens = PausePlaces.Tokens;
    private static readonly Alphabet Letters = new(["a", "b", " ", " b"]);

    // In the patterns * is a pause that a path may read or not, and _ a frame or more of " b".
    private static readonly TestCaseData[] Targets =
    [
        new("", Words, "*"), new("a", Words, "*a*"), new("ab", Words, "*ab*"), new("aa", Words, "*aa*"), new("ab", Tokens, "*a*b*"),
        new("a b", Words, "*a*b*"), new("a b", Tokens, "*a*b*"), new(" a", Words, "*a*"), new("a ", Words, "*a*"), new("a_", Words, "*a*_*"),
        new("_a", Words, "*_a*"), new("_a", Tokens, "*_*a*"), new("a b a", Words, "*a*b*a*"),
    ];

    [TestCaseSource(nameof(Targets))]
    public void As_many_paths_are_there_as_there_are_ways_to_share_the_frames(string target, PausePlaces between, string pattern)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (NoBlankTopology topology, Vocabulary vocabulary) = Create(between);
        int pauses = pattern.Count(item => item == '*'), tokens = pattern.Length - pauses;
        for (int frames = 0; frames < 8; frames++)
        {
            Batch batch = Make(vocabulary, target, frames);
            Tensor likelihood = Recursion.LogLikelihood(
                topology.Build(batch).Numerator, torch.zeros([frames, 1, vocabulary.Size], torch.float64), batch.Frames, kind);

            // Frames beyond one for each token are shared among tokens and pauses.
            double ways = frames < tokens ? 0 : Binomial(frames + pauses - 1, tokens + pauses - 1);
            Assert.That(likelihood.exp().item<double>(), Is.EqualTo(ways).Within(1e-9), $"{frames} frames");
            Assert.That(FewestFrames.Find(topology, batch).Single(), Is.EqualTo(tokens));
        }
    }

    [TestCaseSource(nameof(Targets))]
    public void Likelihood_occupancy_and_best_path_are_those_of_the_list_of_all_paths(string target, PausePlaces between, string pattern)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        const int frames = 5;
        (NoBlankTopology topology, Vocabulary vocabulary) = Create(between);
        Batch batch = Make(vocabulary, target, frames);
        Lattice lattice = topology.Build(batch).Numerator;
        Tensor scores = torch.randn([frames, 1, vocabulary.Size], torch.float64, generator: new torch.Generator(5)).log_softmax(2);
        PathSum expected = PathEnumeration.Sum(
            RandomCase.Rows(scores, 0, frames), path => Ways(path, 0, [.. pattern.Select(item => Token(vocabulary, item))], 0, vocabulary.Size - 1));
        using ViterbiAlignment best = Viterbi.Align(lattice, scores, batch.Frames, kind);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                Recursion.LogLikelihood(lattice, scores, batch.Frames, kind).item<double>(), Is.EqualTo(expected.LogLikelihood).Within(1e-11));
            Assert.That(
                RandomCase.Rows(Recursion.Occupancy(lattice, scores, batch.Frames, kind), 0, frames), Is.EqualTo(expected.Occupancy).Within(1e-11));
            Assert.That(best.Score.item<double>(), Is.EqualTo(expected.BestScore).Within(1e-11));
        }
    }

    [Test]
    public void States_have_the_positions_of_the_tokens_and_of_the_space_in_whose_place_a_pause_is()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (NoBlankTopology topology, Vocabulary vocabulary) = Create(Words);
        Assert.That((vocabulary.Size, vocabulary.Symbol(5), vocabulary.Spelling(5)), Is.EqualTo((6L, "pau", Array.Empty<long>())));
        Lattice lattice = topology.Build(Make(vocabulary, "a b_", 9)).Numerator;
        Assert.That(lattice.Silence, Is.EqualTo(5));
        Assert.That(lattice.Labels.data<long>().ToArray(), Is.EqualTo(new long[] { 5, 1, 5, 2, 5, 4, 5 }));
        Assert.That(lattice.Positions!.data<long>().ToArray(), Is.EqualTo(new long[] { -1, 0, 1, 2, -1, 3, -1 }));
    }

    [Test]
    public void A_silence_that_the_text_has_may_be_left_out()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var topology = new NoBlankTopology(new NoBlankOptions { Silence = "b" });
        var vocabulary = new Vocabulary(Letters);
        Assert.That(topology.AddTokens(vocabulary, []), Is.Empty);
        Lattice lattice = topology.Build(Make(vocabulary, "bab", 9)).Numerator;
        Assert.That(lattice.Positions!.data<long>().ToArray(), Is.EqualTo(new long[] { 0, 1, 2 }));
        Assert.That(FewestFrames.Find(topology, Make(vocabulary, "bab", 9)).Single(), Is.EqualTo(1));
    }

    [Test]
    public void A_silence_that_is_no_token_is_refused() => Assert.That(
        () => Create(Words).Topology.Build(Make(new Vocabulary(Letters), "a", 2)),
        Throws.TypeOf<InvalidDataException>().With.Message.EqualTo("The silence 'pau' is none of the tokens; expected one of them."));

    [Test]
    public void Pronunciations_have_pauses_between_them_and_no_blanks([Values("a", "a b", " a")] string target)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.In("lexicon.txt"), "a 0.5 x\na 0.25 x x y\nb b\n");
        var topology = new LexiconTopology(new LexiconOptions { File = folder.In("lexicon.txt"), Silence = "pau" });
        var letters = new Vocabulary(Letters);
        Vocabulary vocabulary = letters.WithAdded(topology.AddTokens(letters, []));
        Assert.That(vocabulary.Added.Select(token => token.Name), Is.EqualTo(["x", "y", "pau"]));
        const int frames = 6;
        Batch batch = Make(vocabulary, target, frames);
        Lattice lattice = topology.Build(batch).Numerator;
        Tensor likelihood = Recursion.LogLikelihood(lattice, torch.zeros([frames, 1, vocabulary.Size], torch.float64), batch.Frames, kind);

        // Of each choice of pronunciations the ways to share the frames among its symbols and the pauses.
        (int pauses, int others) = target == "a b" ? (3, 1) : (2, 0);
        double ways = (0.5 * Binomial(frames + pauses - 1, others + pauses)) + (0.25 * Binomial(frames + pauses - 1, others + pauses + 2));
        Assert.That(likelihood.exp().item<double>(), Is.EqualTo(ways).Within(1e-9));

        Tensor scores = torch.nn.functional.one_hot(torch.tensor([7L, 5, 5, 6, 7, 2]), vocabulary.Size).to(torch.float64).unsqueeze(1) * 10;
        using ViterbiAlignment best = Viterbi.Align(lattice, scores, batch.Frames, RecursionKind.Auto);
        IReadOnlyList<WordSpan> words = topology.FindWords(batch, 0, best.States.flatten().data<long>().ToArray());
        FrameSpan[] expected = target == "a b" ? [new FrameSpan(1, 4), new FrameSpan(5, 6)] : [new FrameSpan(1, 4)];
        Assert.That(words.Select(word => word.Frames), Is.EqualTo(expected));
        Assert.That(Letters.Format(topology.Spell([7, 5, 7, 3, 2], vocabulary)), Is.EqualTo("a b"));
    }

    private static (NoBlankTopology Topology, Vocabulary Vocabulary) Create(PausePlaces between)
    {
        var topology = new NoBlankTopology(new NoBlankOptions { Silence = "pau", Between = between });
        var letters = new Vocabulary(Letters);
        return (topology, letters.WithAdded(topology.AddTokens(letters, [])));
    }

    private static Batch Make(Vocabulary vocabulary, string target, int frames) =>
        new([[.. target.Select(item => Token(vocabulary, item))]], [frames], vocabulary, default, null, null);

    private static long Token(Vocabulary vocabulary, char item) => item == '*' ? vocabulary.Size - 1 : Letters.Token(item == '_' ? " b" : $"{item}");

    // How often a path from frame t reads the items from one on: tokens for a frame or more, pauses for any number.
    private static int Ways(long[] path, int t, long[] items, int item, long silence)
    {
        if (item == items.Length) return t == path.Length ? 1 : 0;
        int ways = items[item] == silence ? Ways(path, t, items, item + 1, silence) : 0;
        for (int end = t; end < path.Length && path[end] == items[item]; end++) ways += Ways(path, end + 1, items, item + 1, silence);
        return ways;
    }

    private static double Binomial(int of, int some)
    {
        double ways = 1;
        for (int i = 1; i <= some; i++) ways = ways * (of - some + i) / i;
        return some > of ? 0 : ways;
    }
}
