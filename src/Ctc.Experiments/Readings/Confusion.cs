namespace Ctc.Experiments.Readings;

/// <summary>A symbol that was read as another one.</summary>
/// <param name="Reference">The symbol that is there; empty for an insertion.</param>
/// <param name="Hypothesis">The symbol that was read; empty for a deletion.</param>
/// <param name="Count">How often.</param>
public sealed record Confusion(string Reference, string Hypothesis, int Count)
{
    /// <summary>Counts the confusions of utterances.</summary>
    /// <param name="utterances">The symbols that are there and those that were read, of each utterance.</param>
    /// <returns>The most frequent first, those of one count by their symbols.</returns>
    public static IReadOnlyList<Confusion> FromUtterances(
        IEnumerable<(IReadOnlyList<string> Reference, IReadOnlyList<string> Hypothesis)> utterances) =>
    [
        .. utterances
            .SelectMany(utterance => ReadPair.Align(utterance.Reference, utterance.Hypothesis))
            .Where(pair => !pair.IsRight)
            .CountBy(pair => pair)
            .Select(pair => new Confusion(pair.Key.Reference ?? "", pair.Key.Hypothesis ?? "", pair.Value))
            .OrderByDescending(confusion => confusion.Count)
            .ThenBy(confusion => confusion.Reference, StringComparer.Ordinal)
            .ThenBy(confusion => confusion.Hypothesis, StringComparer.Ordinal),
    ];
}
