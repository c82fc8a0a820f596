using Ctc.Engine.Decoding;
using Ctc.Engine.Paths;
using Ctc.Engine.Recursions.Transducer;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Decoding;

[NoTensorLeaks]
public class TransducerDecoderTests
{
    private const int Tokens = 3, Blank = 1, Longest = 3;

    // Every sequence of up to three tokens, against the likelihood of the recursion with that sequence as target.
    [Test]
    public void A_beam_of_all_sequences_has_their_exact_likelihoods()
    {
        for (int seed = 0; seed < 5; seed++)
        {
            using DisposeScope scope = torch.NewDisposeScope();
            var model = new RandomModel(seed, frames: seed % 3);
            IReadOnlyList<Hypothesis> all = TransducerDecoder.Beam(model, int.MaxValue, Blank, Longest);
            Assert.That(all.Select(found => found.Score), Is.Ordered.Descending);
            foreach (long[] target in Sequences().Where(target => model.Frames > 0 || target.Length == 0))
            {
                Hypothesis own = all.Single(found => found.Tokens.SequenceEqual(target));
                Assert.That(own.Score, Is.EqualTo(Likelihood(model, target)).Within(1e-9), $"{seed}: {string.Join(' ', target)}");
            }
        }
    }

    [Test]
    public void A_beam_of_twenty_reads_no_worse_than_greedy_and_is_never_above_the_exact_likelihood()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        int better = 0;
        for (int seed = 0; seed < 20; seed++)
        {
            var model = new RandomModel(seed, frames: 4);
            IReadOnlyList<Hypothesis> few = TransducerDecoder.Beam(model, width: 20, Blank);
            Assert.That(few, Has.Count.EqualTo(20));
            Assert.That(few.Select(found => string.Join(' ', found.Tokens)), Is.Unique);
            foreach (Hypothesis found in few) Assert.That(found.Score, Is.LessThanOrEqualTo(Likelihood(model, found.Tokens) + 1e-12));
            double best = Likelihood(model, few[0].Tokens), greedy = Likelihood(model, TransducerDecoder.Greedy(model, Blank).Tokens);
            Assert.That(best, Is.GreaterThanOrEqualTo(greedy - 1e-12), $"{seed}");
            if (best > greedy + 1e-9) better++;
        }

        Assert.That(better, Is.Positive);
    }

    // Frame 0: token 0, token 2, blank. Frame 1: blank.
    [Test]
    public void Greedy_emits_the_most_likely_token_until_it_is_the_blank()
    {
        var model = new ListedModel([(0, [0.5, 0.2, 0.3]), (0, [0.1, 0.2, 0.7]), (0, [0.2, 0.6, 0.2]), (1, [0.3, 0.4, 0.3])]);
        TransducerPath read = TransducerDecoder.Greedy(model, Blank);
        Assert.That(read.Tokens, Is.EqualTo(new[] { 0, 2 }));
        Assert.That(read.Frames, Is.EqualTo(new[] { 0, 0 }));
        Assert.That(read.Score, Is.EqualTo(Math.Log(0.5 * 0.7 * 0.6 * 0.4)).Within(1e-12));
    }

    [Test]
    public void Greedy_stops_at_the_limit_of_tokens_in_a_frame_and_at_NaN()
    {
        var model = new ListedModel([(0, [0.8, 0.1, 0.1]), (0, [0.8, 0.1, 0.1]), (0, [0.8, 0.1, 0.1]), (1, [0.4, double.NaN, 0.4])]);
        TransducerPath read = TransducerDecoder.Greedy(model, Blank, tokensPerFrame: 2);
        Assert.That(read.Tokens, Is.EqualTo(new[] { 0, 0 }));
        Assert.That(read.Score, Is.NaN);
        Assert.That(TransducerDecoder.Beam(model, 4, Blank), Is.Empty);
        Assert.That(() => TransducerDecoder.Greedy(model, Blank, tokensPerFrame: 0), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => TransducerDecoder.Beam(model, 0, Blank), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    // Of equal sequences the first by tokens.
    [Test]
    public void Equal_scores_are_in_the_order_of_the_tokens()
    {
        var model = new ListedModel([(0, [0.25, 0.5, 0.25]), (0, [0.0, 1.0, 0.0])]);
        IReadOnlyList<Hypothesis> read = TransducerDecoder.Beam(model, 3, Blank, tokensPerFrame: 1);
        Assert.That(read.Select(found => found.Tokens), Is.EqualTo(new long[][] { [], [0], [2] }));
    }

    private static double Likelihood(RandomModel model, long[] target)
    {
        if (model.Frames == 0) return target.Length == 0 ? 0 : double.NegativeInfinity;
        using DisposeScope scope = torch.NewDisposeScope();
        double[] scores = [.. Enumerable.Range(0, model.Frames).SelectMany(t =>
            Enumerable.Range(0, target.Length + 1).SelectMany(u => model.LogProbs(t, string.Concat(target[..u])).ToArray()))];
        var batch = new Batch([target], [model.Frames], Tokens, Blank);
        return TransducerRecursion.LogLikelihood(batch, torch.tensor(scores, [1, model.Frames, target.Length + 1, Tokens])).item<double>();
    }

    private static IEnumerable<long[]> Sequences()
    {
        IEnumerable<long[]> level = [[]];
        for (int length = 0; length <= Longest; length++)
        {
            foreach (long[] sequence in level) yield return sequence;
            level = [.. level.SelectMany(sequence => new long[] { 0, 2 }.Select(token => sequence.Append(token).ToArray()))];
        }
    }

    /// <summary>Probabilities that are drawn from the frame and all tokens so far.</summary>
    private sealed class RandomModel(int seed, int frames) : ITransducerModel<string>
    {
        public int Frames => frames;

        public string Start => "";

        public string Advance(string state, long token) => state + token;

        public ReadOnlySpan<double> LogProbs(int frame, string state)
        {
            SplitMix64 random = SplitMix64.For((ulong)seed, $"{frame}", state);
            double[] weights = [.. Enumerable.Range(0, Tokens).Select(_ => Math.Exp(2 * random.Unit()))];
            return weights.Select(weight => Math.Log(weight / weights.Sum())).ToArray();
        }
    }

    /// <summary>Probabilities by frame and number of tokens so far; the last row of a frame holds for more tokens.</summary>
    private sealed class ListedModel(IReadOnlyList<(int Frame, double[] Probabilities)> rows) : ITransducerModel<int>
    {
        public int Frames => rows[^1].Frame + 1;

        public int Start => 0;

        public int Advance(int state, long token) => state + 1;

        public ReadOnlySpan<double> LogProbs(int frame, int state)
        {
            double[][] own = [.. rows.Where(row => row.Frame == frame).Select(row => row.Probabilities)];
            return own[Math.Min(state, own.Length - 1)].Select(probability => Math.Log(probability)).ToArray();
        }
    }
}
