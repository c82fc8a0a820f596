using Ctc.Engine.Decoding.PrefixBeam;
using Ctc.Engine.Objectives;
using Ctc.Engine.Paths;
using Ctc.Engine.Recursions;
using Ctc.Engine.Topologies;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Topologies;

/// <summary>A lattice of pronunciations: its likelihood, its words on the best path, and what paths spell.</summary>
[NoTensorLeaks]
public class LexiconTopologyTests
{
    private static readonly Alphabet Letters = new(["a", "b", " ", "c"]);

    // Words without a separator, so that pronunciations meet: a is "a" or "b a", b is "b b", "a b" or the phone x.
    private const string Text = "a 0.5 a\na 0.25 b a\nb b b\nb 0.125 a b\nb x\n";

    [Test]
    public void The_likelihood_is_the_sum_over_pronunciations_of_every_path_that_reads_them(
        [Values("", "a", "ab", "ba", "bb", "a b", " a", "b  a")] string target, [Values(1, 4, 6)] int frames)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (LexiconTopology topology, Vocabulary vocabulary) = Create(Text, separator: target.Contains(' ', StringComparison.Ordinal) ? " " : null);
        Batch batch = Make(vocabulary, target, frames);
        Tensor scores = torch.randn([frames, 1, vocabulary.Size], torch.float64, generator: new torch.Generator(3)).log_softmax(2);
        double expected = Sum(batch, scores, Readings(target));
        double found = Recursion.LogLikelihood(topology.Build(batch).Numerator, scores, batch.Frames).exp().item<double>();
        Assert.That(found, Is.EqualTo(expected).Within(1e-12));
        if (target.Length <= 2 && frames == 6) Assert.That(expected, Is.GreaterThan(0), "the case is not vacuous");
    }

    [Test]
    public void One_pronunciation_of_each_word_is_ctc_over_its_symbols_state_by_state()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (LexiconTopology topology, Vocabulary vocabulary) = Create("a b b a\nb a c\n", separator: " ");
        Batch batch = Make(vocabulary, "a b", 12), spelled = Make(vocabulary, "bba ac", 12);
        Lattice lattice = topology.Build(batch).Numerator, ctc = new CtcTopology().Build(spelled).Numerator;
        Tensor scores = (torch.randn([12, 1, 5], torch.float64, generator: new torch.Generator(1)) * 8).round() / 8;
        using ViterbiAlignment found = Viterbi.Align(lattice, scores, batch.Frames), expected = Viterbi.Align(ctc, scores, batch.Frames);
        Assert.That(found.States.equal(expected.States).all().item<bool>());
        Assert.That(
            Recursion.LogLikelihood(lattice, scores, batch.Frames).item<double>(),
            Is.EqualTo(Recursion.LogLikelihood(ctc, scores, batch.Frames).item<double>()).Within(1e-12));
    }

    [Test]
    public void The_best_path_tells_the_pronunciation_of_each_word_and_its_frames()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (LexiconTopology topology, Vocabulary vocabulary) = Create(Text, separator: " ");
        Batch batch = Make(vocabulary, "a b", 9);
        long[] said = [0, 2, 0, 1, 1, 3, 5, 5, 0]; // – b – a a ␣ x x –
        Tensor scores = torch.nn.functional.one_hot(torch.tensor(said), vocabulary.Size).to(torch.float64).unsqueeze(1) * 10;
        using ViterbiAlignment best = Viterbi.Align(topology.Build(batch).Numerator, scores, batch.Frames);
        IReadOnlyList<WordSpan> words = topology.FindWords(batch, 0, best.States.flatten().data<long>().ToArray());
        using (Assert.EnterMultipleScope())
        {
            Assert.That(words.Select(word => word.Word), Is.EqualTo(["a", "b"]));
            Assert.That(words.Select(word => string.Join(' ', word.Symbols)), Is.EqualTo(["b a", "x"]));
            Assert.That(words.Select(word => word.Frames), Is.EqualTo([new FrameSpan(1, 5), new FrameSpan(6, 8)]));
            Assert.That(vocabulary.Alphabet!.Format(topology.Spell(said, vocabulary)), Is.EqualTo("a b"));
        }
    }

    [TestCase("ba", " ", "a")]
    [TestCase("ba ab", " ", "a b")]
    [TestCase("bac", " ", "bac")]
    [TestCase("cxc", " ", "cc")]
    [TestCase("bab-b", null, "ab")]
    [TestCase("acx", null, "acb")]
    [TestCase("", null, "")]
    public void A_path_spells_the_words_whose_pronunciations_it_reads(string read, string? separator, string expected)
    {
        (LexiconTopology topology, Vocabulary vocabulary) = Create("a b a\nb b b\nb 0.125 a b\nb x\na a\n", separator);
        long[] path = [.. read.Select(symbol => symbol == '-' ? 0 : symbol == 'x' ? 5 : Letters.Token($"{symbol}"))];
        Assert.That(Letters.Format(topology.Spell(path, vocabulary)), Is.EqualTo(expected));
    }

    [Test]
    public void The_heaviest_word_of_equal_symbols_is_spelled()
    {
        (LexiconTopology topology, Vocabulary vocabulary) = Create("a 0.5 c\nb c\n", " ");
        Assert.That(Letters.Format(topology.Spell([4], vocabulary)), Is.EqualTo("b"));
    }

    [Test]
    public void Tokens_of_a_pronunciation_have_the_positions_of_its_word_in_proportion()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (LexiconTopology topology, Vocabulary vocabulary) = Create("ab c\nab a b c\nc c\n", separator: " ");
        Lattice lattice = topology.Build(Make(vocabulary, "c ab", 9)).Numerator;

        // – c – ␣ – c – a – b – c –, where "ab" has the positions 2 and 3.
        Assert.That(lattice.Positions!.data<long>().ToArray(), Is.EqualTo(new long[] { -1, 0, -1, 1, -1, 2, 2, -1, -1, -1, 3, -1 }));
    }

    [Test]
    public void A_word_that_the_lexicon_does_not_have_is_refused_or_spelled()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (LexiconTopology refuses, Vocabulary vocabulary) = Create("a b\n", " ");
        (LexiconTopology spells, _) = Create("a b\n", " ", UnknownWords.Spell);
        Batch batch = Make(vocabulary, "cc", 5);
        Tensor scores = torch.zeros([5, 1, vocabulary.Size], torch.float64);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                () => refuses.Build(batch),
                Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(
                    "0: the lexicon does not have the word 'cc'; expected all words, or the option that spells unknown ones."));
            Assert.That(
                () => refuses.AddTokens(vocabulary, batch.Targets), Throws.TypeOf<InvalidDataException>().With.Message.Contains("'cc'"));
            Assert.That(
                Recursion.LogLikelihood(spells.Build(batch).Numerator, scores, batch.Frames).item<double>(),
                Is.EqualTo(Recursion.LogLikelihood(new CtcTopology().Build(batch).Numerator, scores, batch.Frames).item<double>()).Within(1e-12));
        }
    }

    [Test]
    public void Without_a_file_it_is_ctc()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var topology = new LexiconTopology(new LexiconOptions { File = null });
        Batch batch = Make(new Vocabulary(Letters), "ab", 5);
        Assert.That(topology.Build(batch).Numerator.Labels.equal(new CtcTopology().Build(batch).Numerator.Labels).all().item<bool>());
        Assert.That(topology.FindWords(batch, 0, [0, 1, 2, 3, 4]), Is.Empty);
        Assert.That(topology.Spell([1, 1, 0, 1], batch.Vocabulary), Is.EqualTo(new long[] { 1, 1 }));
    }

    [Test]
    public void Where_tokens_have_no_symbols_it_is_ctc()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (LexiconTopology topology, _) = Create("1 2 2\n", separator: " ");
        var batch = new Batch([[1, 1]], [5], 3);
        Tensor scores = torch.randn([5, 1, 3], torch.float64, generator: new torch.Generator(1));
        Assert.That(
            Recursion.LogLikelihood(topology.Build(batch).Numerator, scores, batch.Frames).item<double>(),
            Is.EqualTo(Recursion.LogLikelihood(new CtcTopology().Build(batch).Numerator, scores, batch.Frames).item<double>()).Within(1e-12));
        Assert.That(topology.Spell([2, 2, 0, 2], batch.Vocabulary), Is.EqualTo(new long[] { 2, 2 }));
    }

    [TestCase(1)]
    [TestCase(16)]
    public void Beam_search_spells_words_of_symbols_that_the_data_do_not_have(int width)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (LexiconTopology topology, Vocabulary vocabulary) = Create("b x a\na y\n", separator: " ");
        using var objective = new Objective(
            new ObjectiveParts { Topology = topology, Decoder = new PrefixBeamDecoder(new PrefixBeamOptions { Width = width }) });
        long[] said = [0, 5, 5, 1, 3, 6]; // – x x a ␣ y
        Tensor logits = torch.nn.functional.one_hot(torch.tensor(said), vocabulary.Size).to(torch.float32).unsqueeze(1) * 10;
        var batch = new Batch([[]], [6], vocabulary, default, null, null);
        Assert.That(Letters.Format(objective.Decode(new EncoderOutput(logits), batch)[0][0].Tokens), Is.EqualTo("b a"));
    }

    private static (LexiconTopology Topology, Vocabulary Vocabulary) Create(
        string text, string? separator, UnknownWords unknown = UnknownWords.Refuse)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.In("lexicon.txt"), text);
        var topology = new LexiconTopology(new LexiconOptions { File = folder.In("lexicon.txt"), Separator = separator, Unknown = unknown });
        var letters = new Vocabulary(Letters);
        return (topology, letters.WithAdded(topology.AddTokens(letters, [])));
    }

    private static Batch Make(Vocabulary vocabulary, string target, int frames) =>
        new([[.. target.Select(symbol => Letters.Token($"{symbol}"))]], [frames], vocabulary, default, null, null);

    // The readings of the target of the text above, by hand.
    private static IEnumerable<(string Read, double Weight)> Readings(string target)
    {
        IEnumerable<(string Read, double Weight)> all = [("", 1)];
        foreach (char word in target)
        {
            (string, double)[] own = word switch
            {
                'a' => [("1", 0.5), ("2 1", 0.25)],
                'b' => [("2 2", 1), ("1 2", 0.125), ("5", 1)],
                _ => [("3", 1)],
            };
            all = [.. all.SelectMany(_ => own, (before, next) => ($"{before.Read} {next.Item1}".Trim(), before.Weight * next.Item2))];
        }

        return all;
    }

    // Over all V^T paths.
    private static double Sum(Batch batch, Tensor scores, IEnumerable<(string Read, double Weight)> readings)
    {
        Dictionary<string, double> weights = readings.GroupBy(one => one.Read).ToDictionary(same => same.Key, same => same.Sum(one => one.Weight));
        int frames = (int)batch.Frames[0], tokens = (int)batch.Tokens;
        double[] logs = scores.data<double>().ToArray();
        double sum = 0;
        var path = new long[frames];
        for (long number = 0; number < (long)Math.Pow(tokens, frames); number++)
        {
            double log = 0;
            long rest = number;
            for (int t = 0; t < frames; t++, rest /= tokens) log += logs[(t * tokens) + (path[t] = rest % tokens)];
            IEnumerable<long> read = path.Where((token, t) => token != 0 && (t == 0 || path[t - 1] != token));
            if (weights.TryGetValue(string.Join(' ', read), out double weight)) sum += weight * Math.Exp(log);
        }

        return sum;
    }
}
