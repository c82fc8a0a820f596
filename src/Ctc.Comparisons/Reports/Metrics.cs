using Ctc.Comparisons.Statistics;
using Ctc.Experiments.Alignments;
using Ctc.Experiments.Data.Common;
using Ctc.Experiments.Readings;
using Ctc.Experiments.Training;

namespace Ctc.Comparisons.Reports;

/// <summary>The metrics of a report: those of the experiments, and others that are measured always. A new one of these is a line here.</summary>
internal static class Metrics
{
    private static readonly Metric[] Always =
    [
        new RatioMetric("token_error_rate", "token error rate", Scale.Share, -1, read => [new Tally("", read.Result.Errors, read.Result.Tokens)]),
        new RatioMetric("exact_match_rate", "exact match rate", Scale.Share, 1, read => [new Tally("", read.Result.Errors == 0 ? 1 : 0, 1)]),
        new RatioMetric("loss", "loss", Scale.Nats, -1, read => read.Result.Loss is { } loss ? [new Tally("", loss, 1)] : [])
        {
            Obstacle = LossObstacle.Between,
        },
        Recall("macro_recall", "macro recall", _ => true),
    ];

    private static readonly (string Key, string Name)[] Thirds =
    [
        ("recall_tail", "recall of the rarest third"),
        ("recall_middle", "recall of the middle third"),
        ("recall_head", "recall of the most frequent third"),
    ];

    /// <summary>
    /// The metrics of a sweep: those that its experiments name, those above, the errors of characters and words where they differ from those of
    /// tokens, the boundary errors if the truth is known, and for long-tailed data the recall of each third of the symbols by their frequency in
    /// training.
    /// </summary>
    /// <param name="test">Contains the symbols, their frequencies in training, and the unit of boundary errors.</param>
    /// <param name="others">Further results, perhaps with metrics of their own.</param>
    public static IReadOnlyList<Metric> CreateFor(Measurement test, IEnumerable<Measurement> others) =>
    [
        .. Chosen([test, .. others], [.. Always, .. Boundaries(test)])
            .Concat(Always)
            .Concat(Texts(test))
            .Concat(Boundaries(test))
            .Concat(Recalls(test))
            .DistinctBy(metric => metric.Key),
    ];

    // What the experiments name, in their order: the first is what chose the best epochs.
    private static IEnumerable<Metric> Chosen(IEnumerable<Measurement> tests, Metric[] known) => tests
        .SelectMany(test => test.Values)
        .Select(metric => Array.Find(known, one => one.Key == metric.Key) ?? new ChosenMetric(metric.Key, metric.Value));

    // Characters where tokens are others, words where texts have several.
    private static IEnumerable<Metric> Texts(Measurement test)
    {
        if (test.Utterances.Any(line => !UnicodeText.SplitCharacters(line.ReferenceText).SequenceEqual(line.Reference)))
        {
            yield return new RatioMetric("character_error_rate", "character error rate", Scale.Share, -1, read => [Edits(read.Characters)]);
        }

        if (test.Utterances.Any(line => line.ReferenceText.Any(char.IsWhiteSpace)))
        {
            yield return new RatioMetric("word_error_rate", "word error rate", Scale.Share, -1, read => [Edits(read.Words)]);
        }

        static Tally Edits(EditCounts counts) => new("", counts.Errors, counts.Length);
    }

    private static IEnumerable<Metric> Boundaries(Measurement test)
    {
        bool areTimes = test.BoundaryErrorMs is not null;
        (string unit, Scale scale) = areTimes ? ("ms", Scale.Milliseconds) : ("frames", Scale.Frames);
        IEnumerable<double> Signed(ReadUtterance read) => read.Result.BoundaryErrors ?? [];
        IEnumerable<double> Absolute(ReadUtterance read) => Signed(read).Select(Math.Abs);
        yield return new QuantileMetric($"boundary_error_{unit}", "median boundary error", scale, -1, 0.5, Absolute);
        yield return new RatioMetric(
            $"mean_boundary_error_{unit}", "mean boundary error", scale, -1, read => Absolute(read).Select(error => new Tally("", error, 1)));
        yield return new QuantileMetric($"boundary_error_p90_{unit}", "90th percentile of boundary errors", scale, -1, 0.9, Absolute);
        foreach (int limit in BoundaryError.Limits(areTimes))
        {
            yield return new RatioMetric(
                $"boundaries_within_{limit}_{unit}",
                $"boundaries within {limit} {(limit == 1 ? "frame" : unit)}",
                Scale.Share,
                1,
                read => Absolute(read).Select(error => new Tally("", error <= limit ? 1 : 0, 1)));
        }

        yield return new RatioMetric(
            $"boundary_bias_{unit}", "boundary bias", scale, 0, read => Signed(read).Select(error => new Tally("", error, 1)));
    }

    private static IEnumerable<Metric> Recalls(Measurement test)
    {
        string[] rarestFirst = [.. ByFrequency(test).Select(symbol => symbol.Key)];
        if (rarestFirst.Length == 0) return [];
        int From(int third) => third * rarestFirst.Length / 3;
        return Thirds.Select((name, third) =>
        {
            HashSet<string> symbols = [.. rarestFirst[From(third)..From(third + 1)]];
            return Recall(name.Key, name.Name, symbols.Contains);
        });
    }

    /// <summary>
    /// The symbols of the test set, the rarest in training first, those of one count by name. None if there are fewer than three,
    /// or if the most frequent is not at least twice as frequent as the rarest: then their order would be chance.
    /// </summary>
    public static IReadOnlyList<KeyValuePair<string, TokenRecall>> ByFrequency(Measurement test)
    {
        KeyValuePair<string, TokenRecall>[] symbols =
            [.. test.PerToken.OrderBy(symbol => symbol.Value.TrainCount).ThenBy(symbol => symbol.Key, StringComparer.Ordinal)];
        bool differ = symbols.Length >= 3 && symbols[^1].Value.TrainCount >= Math.Max(1, 2 * symbols[0].Value.TrainCount);
        return differ ? symbols : [];
    }

    // The tallies of a symbol's occurrences: found, and there.
    private static RatioMetric Recall(string key, string name, Func<string, bool> counts) =>
        new(key, name, Scale.Share, 1, read => read.Result.Reference
        .Zip(read.Found, (symbol, found) => new Tally(symbol, found ? 1 : 0, 1))
        .Where(tally => counts(tally.Class)));
}
