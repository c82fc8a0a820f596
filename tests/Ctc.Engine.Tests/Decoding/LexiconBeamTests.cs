using Ctc.Engine.Decoding.PrefixBeam;
using Ctc.Engine.Lexica;
using Ctc.Engine.Objectives;
using Ctc.Engine.Topologies;
using Ctc.Testing.Oracles;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Decoding;

/// <summary>Prefix beam search that reads words of a lexicon only.</summary>
[NoTensorLeaks]
public class LexiconBeamTests
{
    private static readonly PrefixBeamOptions Unbounded = new() { Width = 100_000, Hypotheses = 100_000 };

    // Two pronunciations of a word, two words with the same symbols, a word that begins another one.
    private static readonly Lexicon Words = new(
    [
        new("no", ["a"]), new("note", ["a", "b"], 0.5), new("note", ["b"], 0.3), new("know", ["a"], 0.9), new("ban", ["b", "a", "a"]),
    ]);

    [Test]
    public void Without_a_bound_words_have_the_probability_of_all_ways_to_read_them(
        [Values] bool separated, [Values] bool merges, [Values("none", "words", "tokens")] string language, [Range(0, 2)] int seed)
    {
        var vocabulary = new Vocabulary(new Alphabet(separated ? ["a", "b", " "] : ["a", "b"]));
        PrefixBeamOptions options = Unbounded with
        {
            LanguageWeight = 0.7, InsertionBonus = 0.4, UnknownPenalty = -1.5, HotWords = ["note", "no note", "o"], HotWordBonus = 1.1,
        };
        Bigram? model = language switch
        {
            "words" => new Bigram(LanguageUnit.Word, seed, "note", "no", "ban"), // know is unknown
            "tokens" => new Bigram(LanguageUnit.Token, seed, "a", " "),
            _ => null,
        };
        AssertEnumerated(vocabulary, options, model, merges, separated ? 5 : 4, seed);
    }

    [Test]
    public void Words_that_the_lexicon_does_not_have_may_be_read_at_a_penalty(
        [Values] bool merges, [Values("none", "words", "tokens")] string language)
    {
        var vocabulary = new Vocabulary(new Alphabet(["a", "b", " "]));
        PrefixBeamOptions options = Unbounded with
        {
            LanguageWeight = 0.7, InsertionBonus = 0.4, UnknownPenalty = -1.5, UnknownWord = -2, HotWords = ["note", "ba", "no ba"],
            HotWordBonus = 1.1,
        };
        Bigram? model = language switch
        {
            "words" => new Bigram(LanguageUnit.Word, 1, "note", "no", "ba"), // aa and bb are unknown to it too
            "tokens" => new Bigram(LanguageUnit.Token, 1, "a", " "),
            _ => null,
        };
        AssertEnumerated(vocabulary, options, model, merges, frameCount: 4, seed: 1);
    }

    [Test]
    public void An_unknown_word_is_spelled_where_its_penalty_is_small_and_refused_by_default()
    {
        var vocabulary = new Vocabulary(new Alphabet(["a", "b", "n", " "]));
        Lexicon lexicon = new([new("aba", ["a", "b", "a"]), new("ban", ["b", "a", "n"])]);
        Hypothesis Read(double? unknown)
        {
            var search = new PrefixBeamSearch(vocabulary, new PrefixBeamOptions { UnknownWord = unknown }, lexicon: lexicon);
            foreach (int token in (int[])[1, 2, 0, 3, 4, 2, 1, 3]) search.Read(Sharp(token, 5)); // abn ban
            return search.FindBest()[0];
        }

        Assert.That(Read(null).Words!.Select(word => word.Word), Is.EqualTo(new[] { "aba", "ban" }));
        Assert.That(Read(-100).Words!.Select(word => word.Word), Is.EqualTo(new[] { "aba", "ban" }));
        Hypothesis spelled = Read(-1);
        Assert.That(spelled.Words!.Select(word => word.Word), Is.EqualTo(new[] { "abn", "ban" }));
        Assert.That(spelled.Words![0].Symbols, Is.EqualTo(new[] { "a", "b", "n" }));
        Assert.That(spelled.Words!.Select(word => (word.Frames.Start, word.Frames.End)), Is.EqualTo(new[] { (0, 4), (5, 8) }));
        Assert.That(vocabulary.Alphabet!.Format(spelled.Tokens), Is.EqualTo("abn ban"));
    }

    [Test]
    public void Unknown_words_need_a_separator_between_words()
    {
        var options = new PrefixBeamOptions { UnknownWord = -5 };
        Assert.That(
            () => new PrefixBeamSearch(new Vocabulary(new Alphabet(["a", "b"])), options, lexicon: Words),
            Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(
                "The lexicon: unknown words are read, and the separator ' ' is no token of its own; expected one, which ends such words."));
        Assert.That(
            () => new PrefixBeamSearch(new Vocabulary(new Alphabet(["a", " "])), options, lexicon: new Lexicon([new("a_a", ["a", " ", "a"])])),
            Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(
                "The lexicon: unknown words are read, and 'a_a' has the separator within; expected words without."));
        Assert.That(options.Validate(new(options)).Single().ErrorMessage, Does.StartWith("expected a lexicon beside it"));
    }

    private static void AssertEnumerated(
        Vocabulary vocabulary, PrefixBeamOptions options, Bigram? model, bool merges, int frameCount, int seed)
    {
        double[][] frames = RandomFrames.Draw(new Random(seed), frameCount, (int)vocabulary.Size, sharpness: 2);
        var search = new PrefixBeamSearch(vocabulary, options, model, merges, Words);
        foreach (double[] frame in frames) search.Read(frame);
        IReadOnlyList<Hypothesis> read = search.FindBest();

        bool isSeparated = vocabulary.Alphabet!.Symbols.Contains(" ");
        Dictionary<string, double> expected =
            new EnumeratedWords(vocabulary, Words, options, model, isSeparated).Score(Probabilities(frames, merges), frames.Length);
        Assert.That(read.Select(Key), Is.EquivalentTo(expected.Keys));
        foreach (Hypothesis one in read) Assert.That(one.Score, Is.EqualTo(expected[Key(one)]).Within(1e-9), Key(one));
        Assert.That(read.Select(one => one.Score), Is.Ordered.Descending);
        foreach (Hypothesis one in read) AssertHasFrames(one, vocabulary, merges);

        static string Key(Hypothesis one) => string.Join('|', one.Words!.Select(word => word.Word));
    }

    [Test]
    public void A_narrow_beam_reads_words_of_the_lexicon_only([Values(1, 4, 16)] int width, [Range(0, 4)] int seed)
    {
        var vocabulary = new Vocabulary(new Alphabet(["a", "b", "c", " "]));
        var search = new PrefixBeamSearch(vocabulary, new PrefixBeamOptions { Width = width, Threshold = 12 }, null, true, Words);
        foreach (double[] frame in RandomFrames.Draw(new Random(seed), 60, 5, sharpness: 4)) search.Read(frame);
        foreach (Hypothesis one in search.FindBest())
        {
            if (one.Score == double.NegativeInfinity) continue; // the only prefix may end within a word
            string[] words = vocabulary.Alphabet!.Format(one.Tokens).Split(' ', StringSplitOptions.RemoveEmptyEntries);
            Assert.That(words, Is.All.Matches<string>(word => word is "a" or "ab" or "b" or "baa"));
            Assert.That(words, Is.EqualTo(one.Words!.Select(word => string.Concat(word.Symbols))));
        }
    }

    [Test]
    public void Words_with_the_same_symbols_are_told_apart_by_the_language_model()
    {
        var vocabulary = new Vocabulary(new Alphabet(["t", "uw", "k"]));
        Lexicon lexicon = new([new("two", ["t", "uw"]), new("to", ["t", "uw"]), new("coo", ["k", "uw"]), new("coup", ["k", "uw"])]);
        var search = new PrefixBeamSearch(vocabulary, new PrefixBeamOptions { LanguageWeight = 1 }, new ToCoup(), true, lexicon);
        foreach (int token in (int[])[1, 2, 2, 0, 3, 2]) search.Read(Sharp(token, 4));
        Hypothesis best = search.FindBest()[0];
        Assert.That(best.Words!.Select(word => word.Word), Is.EqualTo(new[] { "to", "coup" }));
        Assert.That(best.Words!.Select(word => (word.Frames.Start, word.Frames.End)), Is.EqualTo(new[] { (0, 3), (4, 6) }));
        Assert.That(best.Words![1].Symbols, Is.EqualTo(new[] { "k", "uw" }));
        Assert.That(best.Tokens, Is.EqualTo(new long[] { 1, 2, 3, 2 })); // the words are no symbols
    }

    [Test]
    public void Frames_in_pieces_give_the_same_to_the_last_bit()
    {
        var vocabulary = new Vocabulary(new Alphabet(["a", "b", " "]));
        var model = new Bigram(LanguageUnit.Word, 1, "no", "note");
        double[][] frames = RandomFrames.Draw(new Random(3), 80, 4, sharpness: 3);
        PrefixBeamSearch whole = new(vocabulary, null, model, true, Words), pieces = new(vocabulary, null, model, true, Words);
        whole.Read([.. frames.SelectMany(frame => frame)]);
        foreach (double[] frame in frames)
        {
            pieces.Read(frame);
            pieces.FindBest();
        }

        Assert.That(pieces.FindBest().Select(one => one.Score), Is.EqualTo(whole.FindBest().Select(one => one.Score)));
        Assert.That(pieces.FindBest().Select(one => one.Tokens), Is.EqualTo(whole.FindBest().Select(one => one.Tokens)));
    }

    [Test]
    public void Under_the_topology_lexicon_words_are_read_as_targets_have_them()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "lexicon.txt");
        File.WriteAllText(file, "no n OW\nso s OW\non AA n\n");
        var topology = new LexiconTopology(new LexiconOptions { File = file });
        var vocabulary = new Vocabulary(new Alphabet(["n", "o", "s", " "]));
        vocabulary = vocabulary.WithAdded(topology.AddTokens(vocabulary, []));
        Tensor logits = torch.full([7, 1, 7], -4.0, torch.float64);
        long[] spoken = [3, 3, 5, 4, 6, 1, 1]; // s s OW space AA n n
        for (int t = 0; t < 7; t++) logits[t, 0, spoken[t]] = 4;
        var parts = new ObjectiveParts { Topology = topology, Decoder = new PrefixBeamDecoder(new PrefixBeamOptions { Lexicon = file }) };
        using var objective = new Objective(parts);
        var batch = new Batch([[]], [7], vocabulary, default, null, null);
        Hypothesis best = objective.Decode(new EncoderOutput(logits), batch)[0][0];
        Assert.That(vocabulary.Alphabet!.Format(best.Tokens), Is.EqualTo("so on"));
        Assert.That(best.Words!.Select(word => string.Join(' ', word.Symbols)), Is.EqualTo(new[] { "s OW", "AA n" }));
    }

    [Test]
    public void The_spelling_of_a_word_is_that_of_its_letters_if_the_lexicon_has_it()
    {
        var vocabulary = new Vocabulary(new Alphabet(["c", "o", "l", "u", "r"]));
        Lexicon lexicon = new([new("colour", ["c", "o", "l", "o", "u", "r"]), new("colour", ["c", "o", "l", "o", "r"])]);
        var search = new PrefixBeamSearch(vocabulary, null, null, true, lexicon);
        foreach (int token in (int[])[1, 2, 3, 2, 5]) search.Read(Sharp(token, 6));
        Assert.That(vocabulary.Alphabet!.Format(search.FindBest()[0].Tokens), Is.EqualTo("colour"));
    }

    [TestCase("▁")]
    [TestCase(" ")] // as tokens of other programs are read
    public void Word_pieces_begin_words_without_a_separator(string separator)
    {
        var vocabulary = new Vocabulary(new Alphabet([$"{separator}a", separator, "b"]));
        Lexicon lexicon = new([new("ab", ["▁a", "b"]), new("b", ["▁", "b"])]);
        var search = new PrefixBeamSearch(vocabulary, new PrefixBeamOptions { Separator = separator }, null, true, lexicon);
        foreach (int token in (int[])[1, 3, 2, 3]) search.Read(Sharp(token, 4));
        Hypothesis best = search.FindBest()[0];
        Assert.That(best.Words!.Select(word => word.Word), Is.EqualTo(new[] { "ab", "b" }));
        Assert.That(vocabulary.Alphabet!.Format(best.Tokens), Is.EqualTo($"{separator}ab{separator}b"));
    }

    [Test]
    public void What_cannot_be_read_is_refused_or_left_out()
    {
        var letters = new Vocabulary(new Alphabet(["a", " "]));
        Lexicon other = new([new("b", ["b"]), new("ac", ["a", "c"])]), both = new([new("b", ["b"]), new("aa", ["a", "a"])]);
        Assert.That(
            () => new PrefixBeamSearch(letters, lexicon: other),
            Throws.TypeOf<InvalidDataException>().With.Message.StartsWith(
                "The lexicon: the symbol 'b' of 'b' is none of the 3 tokens, and every other word has such a symbol; expected words"));
        Assert.That(
            () => new PrefixBeamSearch(letters, lexicon: new Lexicon([new("a", [" ", "a"])])),
            Throws.TypeOf<InvalidDataException>().With.Message.StartsWith("The lexicon: 'a' begins with the separator; expected a symbol of the word."));
        Assert.That(
            () => new PrefixBeamSearch(new Vocabulary(3, 0), lexicon: other),
            Throws.ArgumentException.With.Message.StartsWith("A lexicon is given for tokens without symbols; expected an alphabet."));
        var search = new PrefixBeamSearch(letters, lexicon: both);
        search.Read(Sharp(1, 3));
        Assert.That(search.FindBest()[0].Words, Is.Empty); // one a is no word
        search.Read([.. Sharp(0, 3), .. Sharp(1, 3)]);
        Assert.That(search.FindBest()[0].Words!.Single().Word, Is.EqualTo("aa"));
    }

    [Test]
    public void A_lattice_of_every_path_is_refused()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "lexicon.txt");
        File.WriteAllText(file, "a a\n");
        var decoder = new PrefixBeamDecoder(new PrefixBeamOptions { Lexicon = file });
        var parts = new ObjectiveParts { Topology = new Transitions(), Decoder = decoder };
        using var objective = new Objective(parts);
        var batch = new Batch([[]], [2], new Vocabulary(new Alphabet(["a"])), default, null, null);
        Assert.That(
            () => objective.Decode(new EncoderOutput(torch.zeros([2, 1, 2], torch.float64)), batch),
            Throws.Exception.With.Message.Contain("a lattice of every path, and a lexicon is given; expected a topology without"));
    }

    // The probability of each sequence of tokens, over all paths.
    private static Dictionary<string, double> Probabilities(double[][] frames, bool merges)
    {
        var found = new Dictionary<string, double>();
        var path = new long[frames.Length];
        Continue(0, 1);
        return found;

        void Continue(int t, double probability)
        {
            if (t == frames.Length)
            {
                string key = string.Join(' ', path.Where((token, at) => token != 0 && !(merges && at > 0 && path[at - 1] == token)));
                found[key] = found.GetValueOrDefault(key) + probability;
                return;
            }

            for (path[t] = 0; path[t] < frames[t].Length; path[t]++) Continue(t + 1, probability * Math.Exp(frames[t][path[t]]));
        }
    }

    // A word's frames are those of its symbols on the path.
    private static void AssertHasFrames(Hypothesis read, Vocabulary vocabulary, bool merges)
    {
        foreach (WordSpan word in read.Words!)
        {
            long[] within = read.Path![word.Frames.Start..word.Frames.End];
            IEnumerable<long> symbols = within.Where((token, at) => token != 0 && !(merges && at > 0 && within[at - 1] == token));
            Assert.That(symbols.Select(vocabulary.Symbol), Is.EqualTo(word.Symbols));
            Assert.That(new[] { within[0], within[^1] }, Has.None.EqualTo(0L));
        }
    }

    private static double[] Sharp(int token, int size) => [.. Enumerable.Range(0, size).Select(v => Math.Log(v == token ? 0.9 : 0.1 / (size - 1)))];

    // "to" and then "coup".
    private sealed class ToCoup : ILanguageModel
    {
        public LanguageUnit Unit => LanguageUnit.Word;

        public int Start => 0;

        public int IndexOf(string unit) => Array.IndexOf(["two", "to", "coo", "coup"], unit);

        public double LogProbability(int state, int unit, out int after)
        {
            after = unit + 1;
            return Math.Log(unit is 1 or 3 ? 0.4 : 0.1);
        }

        public double LogProbabilityOfEnd(int state) => 0;
    }
}
