using System.Text.Json.Serialization;
using Ctc.Configuration.Schema;
using Ctc.Experiments.Alignments;
using Ctc.Experiments.Readings;

namespace Ctc.Experiments.Training;

/// <summary>The measurements of a model on a set: the numbers of <c>evaluation.json</c>.</summary>
/// <param name="TokenErrorRate">Edits (insertions, deletions, substitutions) per token of the references.</param>
/// <param name="ExactMatchRate">The share of utterances read without an error.</param>
/// <param name="Loss">
/// The mean of −ln p(target) in nats over the utterances that have an alignment, under the model's own log-probabilities and the topology alone:
/// emission and lattice transforms of the objective do not enter. NaN if there are none.
/// </param>
/// <param name="Utterances">Each utterance, in the order of the set.</param>
/// <param name="PerToken">The recall of each symbol of the references.</param>
/// <param name="Infeasible">The ids of the utterances that have no alignment with their target.</param>
public sealed record Measurement(
    double TokenErrorRate,
    double ExactMatchRate,
    double Loss,
    IReadOnlyList<UtteranceResult> Utterances,
    IReadOnlyDictionary<string, TokenRecall> PerToken,
    IReadOnlyList<string> Infeasible)
{
    /// <summary>Gets the identity of the run that was measured.</summary>
    /// <value>Null if it is not known: before the result is written, or in a result of an older version.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Identity { get; init; }

    /// <summary>
    /// Gets the values of the metrics that the experiment names, by key, in its order; before them the loss or the boundary error that chose the
    /// best epoch in their place.
    /// </summary>
    /// <value>Null if they are the default ones, whose values are <see cref="TokenErrorRate"/> and <see cref="ExactMatchRate"/>.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OrderedDictionary<string, MetricValue>? Metrics { get; init; }

    /// <summary>Gets the values of the experiment's metrics, the default ones included, by key; the first chose the best epoch.</summary>
    [JsonIgnore]
    public IReadOnlyList<KeyValuePair<string, MetricValue>> Values => Metrics is { Count: > 0 }
        ? [.. Metrics]
        : [MetricValue.TokenErrorRate(TokenErrorRate), MetricValue.ExactMatchRate(ExactMatchRate)];

    /// <summary>Gets the names of the tokens that the topology adds, in the order of their numbers; null if there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? AddedTokens { get; init; }

    /// <summary>Gets the edits of tokens.</summary>
    public ErrorRates TokenErrors => ErrorRates.Sum(Utterances.Select(utterance => utterance.TokenEdits));

    /// <summary>Gets the edits of the characters of the texts.</summary>
    public ErrorRates CharacterErrors => ErrorRates.Sum(Utterances.Select(utterance => utterance.CharacterEdits));

    /// <summary>Gets the edits of the words of the texts.</summary>
    public ErrorRates WordErrors => ErrorRates.Sum(Utterances.Select(utterance => utterance.WordEdits));

    /// <summary>Gets the symbols that were read as others, the most frequent confusions first.</summary>
    public IReadOnlyList<Confusion> Confusions =>
        Confusion.FromUtterances(Utterances.Select(utterance => (utterance.Reference, utterance.Hypothesis)));

    /// <summary>Gets the edits in each group; null if the data name none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, GroupErrors>? Groups => GroupErrors.Measure(Utterances);

    /// <summary>
    /// Gets the symbols of the references that the model cannot read, with their number of occurrences, the most frequent first; null if there are
    /// none. They count as errors, and their utterances have no loss.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OrderedDictionary<string, int>? UnknownSymbols { get; init; }

    /// <summary>Gets the duration of training and measuring, in seconds.</summary>
    public double Seconds { get; init; }

    /// <summary>Gets the largest memory that the process of the run has had, in MB (10⁶ bytes).</summary>
    /// <value>Null if it is not known, as in a result of an older version.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? PeakMemoryMb { get; init; }

    /// <summary>Gets the error of the tokens' boundaries, in milliseconds; null if the truth or the length of a frame is not known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BoundaryError? BoundaryErrorMs { get; init; }

    /// <summary>
    /// Gets the error of the tokens' boundaries, in input frames; null if the truth is not known, or if the length of a frame is known.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BoundaryError? BoundaryErrorFrames { get; init; }

    /// <summary>The same measurement, with the value that chooses the best epoch as the first one.</summary>
    /// <param name="criterion">Chooses. What cannot be measured is infinite, the worst of all.</param>
    internal Measurement ChosenBy(EpochCriterion criterion) => criterion switch
    {
        EpochCriterion.Loss => With(MetricValue.OfLoss(double.IsNaN(Loss) ? double.PositiveInfinity : Loss)),
        EpochCriterion.BoundaryError when BoundaryErrorFrames is { } frames => With(MetricValue.BoundaryError(frames.Median, "frames")),
        EpochCriterion.BoundaryError => With(MetricValue.BoundaryError(BoundaryErrorMs?.Median ?? double.PositiveInfinity, "ms")),
        _ => this,
    };

    private Measurement With(KeyValuePair<string, MetricValue> first) => this with { Metrics = new([first, .. Values]) };

    /// <summary>Computes the rates from the results of the utterances.</summary>
    /// <param name="utterances">Each with its reference and its hypothesis.</param>
    /// <param name="trained">The number of occurrences of each symbol in the training set.</param>
    /// <returns>The rates. A set without tokens has the error rate 0 without insertions, else their number.</returns>
    public static Measurement FromUtterances(IReadOnlyList<UtteranceResult> utterances, IReadOnlyDictionary<string, int>? trained = null)
    {
        ArgumentNullException.ThrowIfNull(utterances);
        var recall = new SortedDictionary<string, TokenRecall>(StringComparer.Ordinal);
        foreach (UtteranceResult utterance in utterances)
        {
            bool[] kept = EditDistance.Kept<string>([.. utterance.Reference], [.. utterance.Hypothesis]);
            for (int u = 0; u < kept.Length; u++)
            {
                string symbol = utterance.Reference[u];
                TokenRecall before = recall.GetValueOrDefault(symbol);
                recall[symbol] = new TokenRecall(before.Count + 1, before.Found + (kept[u] ? 1 : 0), trained?.GetValueOrDefault(symbol) ?? 0);
            }
        }

        UtteranceResult[] feasible = [.. utterances.Where(utterance => utterance.Loss is not null)];
        return new Measurement(
            (double)utterances.Sum(utterance => utterance.Errors) / Math.Max(1, utterances.Sum(utterance => utterance.Tokens)),
            (double)utterances.Count(utterance => utterance.Errors == 0) / Math.Max(1, utterances.Count),
            feasible.Length == 0 ? double.NaN : feasible.Average(utterance => utterance.Loss!.Value),
            utterances,
            recall,
            [.. utterances.Where(utterance => utterance.Loss is null).Select(utterance => utterance.Id)]);
    }
}

/// <summary>The recall of one symbol.</summary>
/// <param name="Count">Its number of occurrences in the references.</param>
/// <param name="Found">How many of those were found.</param>
/// <param name="TrainCount">Its number of occurrences in the targets of the training set; 0 if not counted.</param>
public readonly record struct TokenRecall(int Count, int Found, int TrainCount = 0)
{
    /// <summary>Gets the share that was found.</summary>
    public double Recall => (double)Found / Count;
}
