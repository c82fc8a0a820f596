using Ctc.Engine.Decoding.LanguageModels;
using Ctc.Engine.Decoding.PrefixBeam;

namespace Ctc.Cli.Commands.Bench;

/// <summary>Prefix beam search on one thread, without and with a trigram of tokens, on drawn emissions of 32 tokens.</summary>
/// <remarks>
/// Emissions are clear, as those of a trained model: in each frame the token that is spoken, or the blank in two of three frames, is ahead by 6 nats
/// of noise with a deviation of 1; or flat: noise alone, the worst case. The trigram is estimated from text of the same source.
/// </remarks>
public static class DecodeBenchmark
{
    /// <summary>The number of tokens, counting the blank.</summary>
    public const int Tokens = 32;

    private const int Utterances = 4, Sentences = 3000;

    /// <summary>The numbers of prefixes that are measured.</summary>
    public static IReadOnlyList<int> Widths { get; } = [16, 100];

    /// <summary>Measures all widths, without and with the trigram, on clear and on flat emissions, in turns.</summary>
    /// <param name="frames">The frames of an utterance.</param>
    /// <param name="repetitions">Turns that count, after one for warm-up.</param>
    /// <returns>One case for each.</returns>
    public static IReadOnlyList<DecodeCase> Measure(int frames, int repetitions)
    {
        var trigram = new Trigram();
        var random = new Random(1);
        double[][] Draw(bool isClear) => [.. Enumerable.Range(0, Utterances).Select(_ => DrawUtterance(random, frames, isClear))];
        (bool IsClear, double[][] Read)[] emissions = [(true, Draw(true)), (false, Draw(false))];
        var cases =
            (from drawn in emissions
             from width in Widths
             from model in new[] { null, trigram }
             select (drawn.IsClear, drawn.Read, Width: width, Model: model, Name: $"{drawn.IsClear} {width} {model is null}")).ToArray();
        Action<Interleaved.Clock>[] ways =
        [
            .. cases.Select(one =>
            {
                PrefixBeamSearch search = Search(one.Width, one.Model);
                return (Action<Interleaved.Clock>)(clock => clock.Time(one.Name, () => Read(search, one.Read)));
            }),
        ];
        Dictionary<string, Interleaved.Measured> medians = Interleaved.Medians(repetitions, warmUp: 1, ways);
        return
        [
            .. cases.Select(one => new DecodeCase(
                frames, one.Width, one.Model is not null, one.IsClear, 1000.0 * Utterances * frames / medians[one.Name].Ms,
                Held(one.Read[0], one.Width, one.Model))),
        ];
    }

    private static PrefixBeamSearch Search(int width, Trigram? model) =>
        new(new Vocabulary(Tokens, blank: 0), new PrefixBeamOptions { Width = width }, model);

    private static double Read(PrefixBeamSearch search, double[][] utterances)
    {
        double sum = 0;
        foreach (double[] logProbs in utterances)
        {
            search.Reset();
            search.Read(logProbs);
            sum += search.FindBest()[0].Score;
        }

        return sum;
    }

    // The memory of a search after an utterance.
    private static long Held(double[] logProbs, int width, Trigram? model)
    {
        long before = GC.GetTotalMemory(forceFullCollection: true);
        PrefixBeamSearch search = Search(width, model);
        search.Read(logProbs);
        long after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(search);
        return Math.Max(0, after - before);
    }

    private static double[] DrawUtterance(Random random, int frames, bool isClear)
    {
        const double ahead = 6;
        var logProbs = new double[frames * Tokens];
        int spoken = 0;
        for (int t = 0; t < frames; t++)
        {
            Span<double> frame = logProbs.AsSpan(t * Tokens, Tokens);
            foreach (ref double logit in frame) logit = Normal(random);
            bool isBlank = random.Next(3) > 0;
            if (!isBlank) spoken = Follow(random, spoken);
            if (isClear) frame[isBlank ? 0 : spoken] += ahead;
            double sum = 0;
            foreach (double logit in frame) sum += Math.Exp(logit);
            foreach (ref double logit in frame) logit -= Math.Log(sum);
        }

        return logProbs;
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    // The source of the text: half of the time one of three tokens that depend on the one before.
    private static int Follow(Random random, int before) =>
        random.Next(2) == 0 ? 1 + (((7 * before) + random.Next(3)) % (Tokens - 1)) : random.Next(1, Tokens);

    private sealed class Trigram : ILanguageModel
    {
        private readonly NGramModel model;

        public Trigram()
        {
            var random = new Random(2);
            var text = new KneserNey(3);
            for (int i = 0; i < Sentences; i++)
            {
                int token = 0;
                text.Add([.. Enumerable.Range(0, 30).Select(_ => $"{token = Follow(random, token)}")]);
            }

            model = text.Build();
        }

        public LanguageUnit Unit => LanguageUnit.Token;

        public int Start => model.Start;

        public int IndexOf(string unit) => model.IndexOf(unit);

        public double LogProbability(int state, int unit, out int after) => model.LogProbability(state, unit, out after);

        public double LogProbabilityOfEnd(int state) => model.LogProbabilityOfEnd(state);
    }
}

/// <summary>The speed of prefix beam search.</summary>
/// <param name="Frames">The frames of an utterance.</param>
/// <param name="Width">The prefixes that are kept.</param>
/// <param name="HasTrigram">Whether a trigram is read.</param>
/// <param name="IsClear">Whether the emissions are clear, as a trained model's.</param>
/// <param name="FramesPerSecond">Frames per second and core.</param>
/// <param name="Bytes">Managed memory of the search of one utterance, with the scores of the trigram that it keeps.</param>
public sealed record DecodeCase(int Frames, int Width, bool HasTrigram, bool IsClear, double FramesPerSecond, long Bytes);
