using Ctc.Engine.Decoding.PrefixBeam;
using Ctc.Engine.Objectives;
using Ctc.Engine.Tests.Recursions;
using Ctc.Engine.Topologies;
using Ctc.Testing.Oracles;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Decoding;

/// <summary>Prefix beam search against the enumeration of all paths, and against the same search written with a dictionary.</summary>
[NoTensorLeaks]
public class PrefixBeamTests
{
    private static readonly PrefixBeamOptions Unbounded = new() { Width = 100_000, Hypotheses = 100_000 };

    [Test]
    public void Without_a_bound_each_hypothesis_has_the_probability_of_all_its_paths(
        [Values("ctc", "selfless", "modified", "no-blank")] string name, [Range(0, 19)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase random = RandomCase.Draw(seed);
        ITopology topology = LatticeCase.Topology(name);
        AssertIsEnumeration(random, topology, Unbounded, null, new EnumeratedLanguage(random.Batch.Vocabulary, Unbounded, null));
    }

    [Test]
    public void So_it_has_with_a_bigram_of_tokens_and_a_bonus([Values("ctc", "selfless")] string name, [Range(0, 19)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase random = RandomCase.Draw(seed);
        PrefixBeamOptions options = Unbounded with { LanguageWeight = 0.7, InsertionBonus = 0.4, UnknownPenalty = -1.5 };
        var model = new Bigram(LanguageUnit.Token, seed, "0", "1", "2") { IsClosed = seed % 2 == 0 }; // 3 is unknown
        AssertIsEnumeration(random, LatticeCase.Topology(name), options, model, new EnumeratedLanguage(random.Batch.Vocabulary, options, model));
    }

    [TestCase(" ", "b", "a", " ")]
    [TestCase("▁", "▁b", "a", "▁")]
    [TestCase("▁", "a▁b", "▁", "b")]
    public void So_it_has_with_a_bigram_of_words_and_hot_words(string separator, params string[] symbols)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var vocabulary = new Vocabulary(new Alphabet(symbols));
        PrefixBeamOptions options = Unbounded with
        {
            LanguageWeight = 0.7, InsertionBonus = -0.3, UnknownPenalty = -1.5, Separator = separator,
            HotWords = ["ab", "b a", "a", "b"], HotWordBonus = 1.1,
        };
        for (int seed = 0; seed < 10; seed++)
        {
            var model = new Bigram(LanguageUnit.Word, seed, "a", "b", "ba");
            AssertIsEnumeration(Drawn(seed, 5, vocabulary), new CtcTopology(), options, model, new EnumeratedLanguage(vocabulary, options, model));
        }
    }

    [Test]
    public void Without_a_separator_in_the_alphabet_hot_words_are_found_anywhere([Range(0, 9)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var vocabulary = new Vocabulary(new Alphabet(["b", "a", "ab"]));
        PrefixBeamOptions options = Unbounded with { HotWords = ["aba", "ba", "a"], HotWordBonus = 0.8 };
        AssertIsEnumeration(Drawn(seed, 5, vocabulary), new CtcTopology(), options, null, new EnumeratedLanguage(vocabulary, options, null));
    }

    [Test]
    public void Ways_to_spell_one_sequence_with_added_tokens_add_up([Range(0, 9)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Vocabulary vocabulary = new Vocabulary(new Alphabet(["a", "b"])).WithAdded([new AddedToken("ab", [1, 2])]);
        PrefixBeamOptions options = Unbounded with { InsertionBonus = 0.2 };
        var model = new Bigram(LanguageUnit.Token, seed, "a", "b");
        AssertIsEnumeration(Drawn(seed, 5, vocabulary), new CtcTopology(), options, model, new EnumeratedLanguage(vocabulary, options, model));
    }

    [Test]
    [Category("Slow")]
    public void A_narrow_beam_is_that_of_the_search_with_a_dictionary([Values(1, 2, 5, 20)] int width, [Range(0, 9)] int seed)
    {
        var vocabulary = new Vocabulary(7, blank: seed % 7);
        double[][] frames = RandomFrames.Draw(new Random(seed), 60, 7, sharpness: 4);
        var options = new PrefixBeamOptions { Width = width, Hypotheses = width, LanguageWeight = 0.6, InsertionBonus = 0.5 };
        Bigram? model = seed % 2 == 0 ? null : new Bigram(LanguageUnit.Token, seed, [.. Enumerable.Range(0, 7).Select(v => $"{v}")]);
        var language = new EnumeratedLanguage(vocabulary, options, model);

        var expected = DictionaryBeam.Decode(frames, seed % 7, width, tokens => language.Score(tokens, ended: false));
        AssertAreEqual(Read(vocabulary, options, model, frames), expected
            .Select(read => (read.Tokens, Score: read.Sum + language.Score(read.Tokens, ended: true))).OrderByDescending(read => read.Score));
    }

    [Test]
    [Category("Slow")]
    public void A_long_utterance_whose_old_prefixes_are_dropped_from_memory_reads_the_same()
    {
        var vocabulary = new Vocabulary(5, blank: 0);
        double[][] frames = RandomFrames.Draw(new Random(1), 2500, 5, sharpness: 2);
        var options = new PrefixBeamOptions { Width = 8, Hypotheses = 8 };
        AssertAreEqual(
            Read(vocabulary, options, null, frames),
            DictionaryBeam.Decode(frames, 0, 8, _ => 0).Select(read => (read.Tokens, read.Sum)).OrderByDescending(read => read.Sum));
    }

    [Test]
    public void The_path_is_of_its_tokens_and_of_the_score_that_a_path_of_one_hypothesis_has([Range(0, 9)] int seed)
    {
        var vocabulary = new Vocabulary(6, blank: 2);
        double[][] frames = RandomFrames.Draw(new Random(seed), 400, 6, sharpness: 3);
        var search = new PrefixBeamSearch(vocabulary, new PrefixBeamOptions { Width = 12 });
        foreach (double[] frame in frames) search.Read(frame);
        foreach (Hypothesis read in search.FindBest())
        {
            Assert.That(vocabulary.Spell(read.Path), Is.EqualTo(read.Tokens));
            Assert.That(read.Path!.Select((token, t) => frames[t][token]).Sum(), Is.LessThanOrEqualTo(read.Score + 1e-9));
        }
    }

    [Test]
    public void Frames_in_pieces_give_the_same_to_the_last_bit([Values(1, 3, 17)] int piece, [Values] bool hot)
    {
        var vocabulary = new Vocabulary(new Alphabet(["a", "b", "c", " "]));
        var options = new PrefixBeamOptions { Width = 10, HotWords = hot ? ["ab", "c a"] : [], Threshold = 8, SkipBlank = 0.9 };
        var model = new Bigram(LanguageUnit.Word, 1, "a", "b", "ab", "ca");
        double[] frames = [.. RandomFrames.Draw(new Random(5), 100, 5, sharpness: 3).SelectMany(frame => frame)];
        PrefixBeamSearch whole = new(vocabulary, options, model), pieces = new(vocabulary, options, model);
        pieces.Read(frames.AsSpan(0, 50));
        pieces.Reset(); // what was read before is forgotten
        whole.Read(frames);
        foreach (double[] some in frames.Chunk(5 * piece))
        {
            pieces.Read(some);
            pieces.FindBest(); // does not change what is read
        }

        Assert.That(pieces.Frames, Is.EqualTo(100));
        AssertAreSame(pieces.FindBest(), whole.FindBest());
    }

    [Test]
    public void Any_number_of_threads_and_any_batch_reads_the_same()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Vocabulary vocabulary = new(new Alphabet(["a", "b", "c"]));
        var model = new Bigram(LanguageUnit.Token, 1, "a", "b");
        RandomCase random = Drawn(3, 40, vocabulary, size: 7);
        int before = torch.get_num_threads();
        try
        {
            torch.set_num_threads(1);
            IReadOnlyList<IReadOnlyList<Hypothesis>> one = Decode(random, new CtcTopology(), new PrefixBeamOptions(), model);
            torch.set_num_threads(4);
            IReadOnlyList<IReadOnlyList<Hypothesis>> four = Decode(random, new CtcTopology(), new PrefixBeamOptions(), model);
            for (int b = 0; b < one.Count; b++)
            {
                AssertAreSame(four[b], one[b]);
                Tensor alone = random.Logits.narrow(1, b, 1);
                var batch = new Batch([[]], [random.Batch.Frames[b]], vocabulary, default, null, null);
                AssertAreSame(Decode(new RandomCase(alone, batch), new CtcTopology(), new PrefixBeamOptions(), model)[0], one[b]);
            }
        }
        finally
        {
            torch.set_num_threads(before);
        }
    }

    [Test]
    public void Reads_what_TensorFlow_reads_with_a_beam_of_two()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        GoldenCase golden = GoldenCase.Read("tf_beam_search");
        var batch = new Batch([[]], GoldenCase.Numbers<long>(golden["input_lengths"]!), tokens: 6, blank: 5);
        IReadOnlyList<Hypothesis> read =
            Decode(new RandomCase(golden.Inputs, batch), new CtcTopology(), new PrefixBeamOptions { Width = 2, Hypotheses = 2 }, null)[0];
        Assert.That(
            read.Select(hypothesis => hypothesis.Tokens),
            Is.EqualTo(golden.Expected["paths"]!.AsArray().Select(path => GoldenCase.Numbers<long>(path!))));
        Assert.That(
            read.Select(hypothesis => hypothesis.Score),
            Is.EqualTo(GoldenCase.Numbers<double>(golden.Expected["log_probs"]!)).Within(golden.Tolerance("log_probs")));
    }

    [Test]
    public void Reads_the_likeliest_labelling_where_TensorFlow_reads_the_best_path()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        GoldenCase golden = GoldenCase.Read("tf_greedy_decode");
        Tensor logits = golden.Inputs.log();
        var random = new RandomCase(logits, new Batch([[], []], GoldenCase.Numbers<long>(golden["input_lengths"]!), tokens: 4, blank: 3));
        AssertIsEnumeration(random, new CtcTopology(), Unbounded, null, new EnumeratedLanguage(random.Batch.Vocabulary, Unbounded, null));
        long[][] greedy = [.. golden.Expected["paths"]!.AsArray().Select(path => GoldenCase.Numbers<long>(path!))];
        Assert.That(
            Decode(random, new CtcTopology(), new PrefixBeamOptions { Width = 1 }, null).Select(read => read[0].Tokens), Is.EqualTo(greedy));
    }

    [Test]
    public void A_beam_of_20_reads_nothing_less_likely_than_the_best_path([Range(0, 9)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase random = Drawn(seed, 60, new Vocabulary(12, blank: 4), size: 8);
        var spoken = new Random(seed);
        for (int t = 0; t < 60; t++)
        {
            // A token of each frame stands out, more or less.
            for (int b = 0; b < 8; b++) random.Logits[t, b, spoken.Next(3) > 0 ? 4 : spoken.Next(12)].add_(4 * spoken.NextDouble());
        }

        using var objective = new Objective(new ObjectiveParts(), Reduction.None);
        double[] Exact(IEnumerable<IReadOnlyList<Hypothesis>> read) =>
            [.. objective.Evaluate(random.Logits, random.Batch.WithTargets([.. read.Select(of => of[0].Tokens)])).PerUtterance.data<double>()];
        double[] greedy = Exact(objective.Decode(new EncoderOutput(random.Logits), random.Batch));
        double[] beam = Exact(Decode(random, new CtcTopology(), new PrefixBeamOptions { Width = 20 }, null));
        for (int b = 0; b < beam.Length; b++) Assert.That(beam[b], Is.LessThanOrEqualTo(greedy[b] + 1e-9));
        Assert.That(beam.Sum(), Is.LessThan(greedy.Sum() - 0.1)); // and some are likelier
    }

    [Test]
    public void Equal_scores_are_read_in_the_order_of_prefix_and_token()
    {
        IReadOnlyList<Hypothesis> read = Read(new Vocabulary(4, 0), new PrefixBeamOptions { Width = 4 }, null, [[-1, -1, -1, -1]]);
        Assert.That(read.Select(hypothesis => hypothesis.Tokens), Is.EqualTo(new long[][] { [], [1], [2], [3] }));
        Assert.That(
            Read(new Vocabulary(4, 0), new PrefixBeamOptions { Width = 2 }, null, [[-1, -1, -1, -1]]).Select(hypothesis => hypothesis.Tokens),
            Is.EqualTo(new long[][] { [], [1] }));
    }

    [Test]
    public void Pruning_drops_what_its_options_say()
    {
        double[][] frames = [[Math.Log(0.1), Math.Log(0.5), Math.Log(0.25), Math.Log(0.15)]];
        IEnumerable<long[]> Tokens(PrefixBeamOptions options) =>
            Read(new Vocabulary(4, 0), options, null, frames).Select(hypothesis => hypothesis.Tokens);
        Assert.That(Tokens(new()), Is.EqualTo(new long[][] { [1], [2], [3], [] }));
        Assert.That(Tokens(new() { Threshold = 0.75 }), Is.EqualTo(new long[][] { [1], [2] })); // ln 2 is 0.69
        Assert.That(Tokens(new() { TopTokens = 1 }), Is.EqualTo(new long[][] { [1], [] }));
        Assert.That(Tokens(new() { Width = 3 }), Is.EqualTo(new long[][] { [1], [2], [3] }));
        Assert.That(Tokens(new() { Hypotheses = 1 }), Is.EqualTo(new long[][] { [1] }));
    }

    [Test]
    public void A_frame_that_is_a_blank_almost_surely_reads_the_blank_alone()
    {
        double[] token = [Math.Log(0.25), Math.Log(0.75)], blank = [Math.Log(0.9), Math.Log(0.1)];
        var options = new PrefixBeamOptions { SkipBlank = 0.9 - 1e-9 };
        IReadOnlyList<Hypothesis> read = Read(new Vocabulary(2, 0), options, null, [token, blank, token]);
        Assert.That(read[0].Tokens, Is.EqualTo(new long[] { 1, 1 }));
        Assert.That(read[0].Score, Is.EqualTo(Math.Log(0.75 * 0.9 * 0.75)).Within(1e-12));
        Assert.That(read[0].Path, Is.EqualTo(new long[] { 1, 0, 1 }));
        Assert.That(read.Select(hypothesis => hypothesis.Tokens.Length), Is.EqualTo(new[] { 2, 1, 0 }));
        Assert.That(read[1].Score, Is.EqualTo(Math.Log(2 * 0.75 * 0.9 * 0.25)).Within(1e-12)); // 1 - - and - - 1
    }

    [Test]
    public void Under_a_lattice_of_every_path_its_paths_add_up([Range(0, 9)] int seed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase random = RandomCase.Draw(seed, longest: 4);
        var topology = new Transitions();
        Lattice all = topology.BuildEverything(random.Batch);
        Tensor logProbs = random.Logits.log_softmax(2);
        PrefixBeamOptions options = Unbounded with { Width = 300, InsertionBonus = 0.3 }; // at most 4⁴ paths
        IReadOnlyList<IReadOnlyList<Hypothesis>> read = Decode(random, topology, options, null);
        for (int b = 0; b < random.Batch.Size; b++)
        {
            var sums = new Dictionary<string, double>();
            double[,] rows = RandomCase.Rows(logProbs, b, random.Batch.Frames[b]);
            foreach (LatticePath path in LatticePathEnumeration.Paths(all, rows, b))
            {
                string spelled = string.Join(' ', random.Batch.Vocabulary.Spell([.. path.States.Select(state => (long)state)]));
                sums[spelled] = sums.GetValueOrDefault(spelled) + Math.Exp(path.Score);
            }

            Assert.That(read[b].Select(hypothesis => string.Join(' ', hypothesis.Tokens)), Is.EquivalentTo(sums.Keys));
            foreach (Hypothesis one in read[b])
            {
                Assert.That(one.Score, Is.EqualTo(Math.Log(sums[string.Join(' ', one.Tokens)]) + (0.3 * one.Tokens.Length)).Within(1e-9));
            }
        }
    }

    [Test]
    public void Without_frames_nothing_is_read_and_without_a_path_the_score_is_minus_infinity()
    {
        Hypothesis none = Read(new Vocabulary(2, 0), new(), null, []).Single();
        Assert.That((none.Tokens.Length, none.Score, none.Path!.Length), Is.EqualTo((0, 0.0, 0)));
        foreach (double[] bad in new double[][] { [double.NegativeInfinity, double.NegativeInfinity], [double.NaN, double.NaN], [-1, double.NaN] })
        {
            Hypothesis read = Read(new Vocabulary(2, 0), new(), null, [[-1, -1], bad, [-1, -1]]).Single();
            Assert.That((read.Tokens.Length, read.Score, read.Path), Is.EqualTo((0, double.NegativeInfinity, (long[]?)null)));
        }
    }

    [Test]
    public void A_rule_of_repeats_that_is_neither_is_refused()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase random = Drawn(1, 6, new Vocabulary(3, 0));
        Assert.That(
            () => Decode(random, new Pairs(), new PrefixBeamOptions(), null),
            Throws.Exception.With.Message.Contain("The topology reads 6 equal tokens as 3; expected 1, or one for each frame"));
    }

    [Test]
    public void Words_need_symbols()
    {
        Assert.That(
            () => new PrefixBeamSearch(new Vocabulary(3, 0), new PrefixBeamOptions { HotWords = ["a"] }),
            Throws.ArgumentException.With.Message.StartsWith("Hot words are given for tokens without symbols; expected an alphabet."));
        Assert.That(
            () => new PrefixBeamSearch(new Vocabulary(3, 0), null, new Bigram(LanguageUnit.Word, 1, "a")),
            Throws.ArgumentException.With.Message.StartsWith("A language model of words is given for tokens without symbols; expected an alphabet."));
    }

    [Test]
    public void The_program_of_the_page_reads_a_hot_word()
    {
        var alphabet = new Alphabet(["a", "b", " "]);
        var search = new PrefixBeamSearch(new Vocabulary(alphabet), new PrefixBeamOptions { Width = 20, HotWords = ["ab"] });
        double[] frame = [Math.Log(0.1), Math.Log(0.6), Math.Log(0.2), Math.Log(0.1)]; // blank, a, b, space
        search.Read(frame); // once for each piece: one frame or many, V numbers each
        Hypothesis best = search.FindBest()[0];
        Assert.That(alphabet.Format(best.Tokens), Is.EqualTo("a"));
        search.Read(frame);
        Assert.That(alphabet.Format(search.FindBest()[0].Tokens), Is.EqualTo("ab"));
    }

    [Test]
    public void Scores_are_of_whole_frames() =>
        Assert.That(
            () => new PrefixBeamSearch(new Vocabulary(3, 0)).Read([-1, -1]),
            Throws.ArgumentException.With.Message.StartsWith("There are 2 scores; expected a multiple of the 3 tokens."));

    // Sums over all paths, by what the topology spells.
    private static void AssertIsEnumeration(
        RandomCase random, ITopology topology, PrefixBeamOptions options, ILanguageModel? model, EnumeratedLanguage language)
    {
        IReadOnlyList<IReadOnlyList<Hypothesis>> read = Decode(random, topology, options, model);
        Tensor logProbs = random.Logits.log_softmax(2);
        for (int b = 0; b < random.Batch.Size; b++)
        {
            double[,] rows = RandomCase.Rows(logProbs, b, random.Batch.Frames[b]);
            Dictionary<string, (long[] Tokens, double Sum, double Best)> sums = [];
            foreach (long[] path in Paths(rows))
            {
                double score = path.Select((token, t) => rows[t, token]).Sum();
                if (score == double.NegativeInfinity) continue;
                long[] tokens = topology.Spell(path, random.Batch.Vocabulary);
                string key = string.Join(' ', tokens);
                (_, double sum, double best) = sums.GetValueOrDefault(key, (tokens, 0, double.NegativeInfinity));
                sums[key] = (tokens, sum + Math.Exp(score), Math.Max(best, score));
            }

            AssertAreEqual(
                read[b], sums.Values.Select(one => (one.Tokens, Score: Math.Log(one.Sum) + language.Score(one.Tokens, ended: true)))
                    .OrderByDescending(one => one.Score));
            foreach (Hypothesis one in read[b])
            {
                Assert.That(topology.Spell(one.Path, random.Batch.Vocabulary), Is.EqualTo(one.Tokens));
                if (random.Batch.Vocabulary.Added.Count > 0) continue; // the best path of the best way to spell it
                double best = sums[string.Join(' ', one.Tokens)].Best;
                Assert.That(one.Path!.Select((token, t) => rows[t, token]).Sum(), Is.EqualTo(best).Within(1e-9));
            }
        }
    }

    private static IEnumerable<long[]> Paths(double[,] rows)
    {
        (int frames, int tokens) = (rows.GetLength(0), rows.GetLength(1));
        for (long number = 0; number < (long)Math.Pow(tokens, frames); number++)
        {
            long rest = number;
            var path = new long[frames];
            for (int t = 0; t < frames; t++, rest /= tokens) path[t] = rest % tokens;
            yield return path;
        }
    }

    // Equal scores may be in any order.
    private static void AssertAreEqual(IReadOnlyList<Hypothesis> read, IEnumerable<(long[] Tokens, double Score)> expected)
    {
        Dictionary<string, double> scores = expected.ToDictionary(one => string.Join(' ', one.Tokens), one => one.Score);
        Assert.That(read.Select(one => string.Join(' ', one.Tokens)), Is.EquivalentTo(scores.Keys));
        foreach (Hypothesis one in read) Assert.That(one.Score, Is.EqualTo(scores[string.Join(' ', one.Tokens)]).Within(1e-9));
        Assert.That(read.Select(one => one.Score), Is.Ordered.Descending);
    }

    private static void AssertAreSame(IReadOnlyList<Hypothesis> read, IReadOnlyList<Hypothesis> expected)
    {
        Assert.That(read.Select(one => one.Score), Is.EqualTo(expected.Select(one => one.Score)));
        Assert.That(read.Select(one => one.Tokens), Is.EqualTo(expected.Select(one => one.Tokens)));
        Assert.That(read.Select(one => one.Path), Is.EqualTo(expected.Select(one => one.Path)));
    }

    private static IReadOnlyList<Hypothesis> Read(Vocabulary vocabulary, PrefixBeamOptions options, ILanguageModel? model, double[][] frames)
    {
        var search = new PrefixBeamSearch(vocabulary, options, model);
        foreach (double[] frame in frames) search.Read(frame);
        return search.FindBest();
    }

    private static IReadOnlyList<IReadOnlyList<Hypothesis>> Decode(
        RandomCase random, ITopology topology, PrefixBeamOptions options, ILanguageModel? model)
    {
        var parts = new ObjectiveParts { Topology = topology, Decoder = new PrefixBeamDecoder(options), LanguageModel = model };
        using var objective = new Objective(parts);
        return objective.Decode(new EncoderOutput(random.Logits), random.Batch);
    }

    private static RandomCase Drawn(int seed, int frames, Vocabulary vocabulary, int size = 2, double sharpness = 2)
    {
        var random = new Random(seed);
        double[] values = [.. Enumerable.Range(0, (int)(frames * size * vocabulary.Size)).Select(_ => sharpness * ((2 * random.NextDouble()) - 1))];
        long[] lengths = [.. Enumerable.Range(0, size).Select(b => Math.Max(0L, frames - b))];
        return new RandomCase(
            torch.tensor(values, [frames, size, vocabulary.Size]),
            new Batch([.. lengths.Select(_ => Array.Empty<long>())], lengths, vocabulary, default, null, null));
    }

    // Two equal frames are one token.
    private sealed class Pairs : ITopology
    {
        public Lattices Build(Batch batch) => new CtcTopology().Build(batch);

        public long[] Spell(ReadOnlySpan<long> path, Vocabulary vocabulary) => path[..(path.Length / 2)].ToArray();
    }
}
