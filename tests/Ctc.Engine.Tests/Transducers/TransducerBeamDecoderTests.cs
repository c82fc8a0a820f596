using Ctc.Engine.Decoding;
using Ctc.Engine.Decoding.PrefixBeam;
using Ctc.Engine.Objectives;
using Ctc.Engine.Recursions.Transducer;
using Ctc.Engine.Tests.Decoding;
using Ctc.Engine.Transducers;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Transducers;

[NoTensorLeaks]
public class TransducerBeamDecoderTests
{
    private const int Width = 3, Longest = 3;

    private static readonly Vocabulary Letters = new(new Alphabet(["a", " "])); // the blank is 0

    // Up to three tokens, of which no frame has more: every sequence, its likelihood and its score by definition.
    [TestCase(null, false)]
    [TestCase(LanguageUnit.Token, false)]
    [TestCase(LanguageUnit.Word, false)]
    [TestCase(LanguageUnit.Token, true)]
    public void An_unbounded_beam_is_the_enumeration_of_all_sequences(LanguageUnit? unit, bool isMonotonic)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        string[] hot = unit is null ? [] : ["a"];
        var options = new TransducerBeamOptions
        {
            Width = int.MaxValue, Hypotheses = int.MaxValue, TokensPerFrame = Longest, LanguageWeight = 0.7, InsertionBonus = unit is null ? 0 : 0.3,
            HotWords = hot, HotWordBonus = 0.9,
        };
        Bigram? language = unit is { } known ? new Bigram(known, 3, "a") : null;
        using var objective = new Objective(
            new ObjectiveParts { Topology = Create(isMonotonic), Decoder = new TransducerBeamDecoder(options), LanguageModel = language });
        Tensor encoded = torch.randn([2, 2, Width], torch.float64, generator: new torch.Generator(5));
        var empty = new Batch([[], []], [2, 1], Letters, default, null, null);
        IReadOnlyList<IReadOnlyList<Hypothesis>> read = objective.Decode(new EncoderOutput(encoded), empty);
        var weights = new PrefixBeamOptions { LanguageWeight = 0.7, InsertionBonus = options.InsertionBonus, HotWords = hot, HotWordBonus = 0.9 };
        var beside = new EnumeratedLanguage(Letters, weights, language);
        foreach (long[] target in Sequences())
        {
            var batch = new Batch([target, target], [2, 1], Letters, default, null, null);
            TransducerEvaluation evaluation = objective.InspectTransducer(new EncoderOutput(encoded), batch);
            double[] likelihoods = [.. evaluation.LogLikelihood.data<double>()];
            for (int b = 0; b < 2; b++)
            {
                Hypothesis? own = read[b].SingleOrDefault(found => found.Tokens.SequenceEqual(target));
                Assert.That(own is null, Is.EqualTo(isMonotonic && target.Length > empty.Frames[b]), "a frame for each token");
                if (own is null) continue;
                Assert.That(own.Score, Is.EqualTo(likelihoods[b] + beside.Score(target, ended: true)).Within(1e-9), string.Join(' ', target));
                Assert.That(own.Frames, Is.EqualTo(evaluation.Alignments[b].Frames), "of the best alignment");
                Assert.That(read[b].Select(found => found.Score), Is.Ordered.Descending);
            }
        }
    }

    [Test]
    [Category("Slow")]
    public void A_beam_of_a_few_finds_what_the_unbounded_one_finds()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TransducerTopology transducer = Create();
        var language = new Bigram(LanguageUnit.Token, 1, "a", " ");
        using var objective = new Objective(new ObjectiveParts { Topology = transducer, LanguageModel = language });
        Tensor encoded = torch.randn([4, 8, Width], torch.float64, generator: new torch.Generator(6));
        var empty = new Batch([.. Enumerable.Repeat(Array.Empty<long>(), 8)], [.. Enumerable.Repeat(4L, 8)], Letters, default, null, null);
        IReadOnlyList<IReadOnlyList<Hypothesis>> few = Read(30), all = Read(100_000);
        Assert.That(few.Select(found => found[0].Tokens), Is.EqualTo(all.Select(found => found[0].Tokens)));
        foreach ((IReadOnlyList<Hypothesis> own, IReadOnlyList<Hypothesis> exact) in few.Zip(all))
        {
            Assert.That(own[0].Score, Is.InRange(exact[0].Score - 0.02, exact[0].Score + 1e-9), "a beam loses alignments and gains none");
            Assert.That(own, Has.Count.EqualTo(2));
        }

        IReadOnlyList<IReadOnlyList<Hypothesis>> Read(int width)
        {
            var options = new TransducerBeamOptions { Width = width, Hypotheses = 2, TokensPerFrame = 3 };
            return objective.Decode(new EncoderOutput(encoded), empty, new TransducerBeamDecoder(options));
        }
    }

    [Test]
    public void Scores_that_are_no_numbers_leave_an_empty_hypothesis()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var objective = new Objective(
            new ObjectiveParts { Topology = Create(), Decoder = new TransducerBeamDecoder(new TransducerBeamOptions()) });
        Tensor encoded = torch.full([2, 1, Width], double.NaN, torch.float64);
        Hypothesis only = objective.Decode(new EncoderOutput(encoded), new Batch([[]], [2], Letters, default, null, null))[0].Single();
        Assert.That((only.Tokens.Length, only.Score), Is.EqualTo((0, double.NegativeInfinity)));
    }

    [Test]
    public void A_topology_of_frames_refuses_it()
    {
        var decoder = new TransducerBeamDecoder(new TransducerBeamOptions());
        Assert.That(
            () => new Objective(new ObjectiveParts { Decoder = decoder }),
            Throws.ArgumentException.With.Message.StartsWith("'transducer-beam' reads a transducer, and the topology is none; expected a decoder"));
    }

    private static TransducerTopology Create(bool isMonotonic = false)
    {
        torch.random.manual_seed(2);
        var transducer = new TransducerTopology(new TransducerOptions { Joint = Width, Embedding = 2, Hidden = 3, Monotonic = isMonotonic });
        transducer.Begin(new TrainingSet([], [], Letters));
        transducer.to(torch.float64);
        return transducer;
    }

    private static IEnumerable<long[]> Sequences()
    {
        IEnumerable<long[]> level = [[]];
        for (int length = 0; length <= Longest; length++)
        {
            foreach (long[] sequence in level) yield return sequence;
            level = [.. level.SelectMany(sequence => new long[] { 1, 2 }.Select(token => sequence.Append(token).ToArray()))];
        }
    }
}
