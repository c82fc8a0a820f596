namespace Ctc.Experiments.Calibrations;

/// <summary>How calibrated confidences are on utterances to which they were not fitted.</summary>
/// <remarks>
/// Each half of the utterances, drawn at random, is measured by a map that was fitted to the other half. Before calibration the confidence is the
/// measure that is mapped.
/// </remarks>
/// <param name="Discriminations">How well each measure tells right from wrong.</param>
/// <param name="Before">The reliability of the measure that the map of all utterances reads.</param>
/// <param name="After">The reliability of the calibrated confidence; null if one of the halves has nothing to fit to.</param>
public sealed record CrossFit(
    IReadOnlyDictionary<ConfidenceMeasure, double> Discriminations, Reliability Before, Reliability? After)
{
    private const int Seed = 1;

    /// <summary>Measures a kind of parts.</summary>
    /// <param name="utterances">The tokens, or words, of each utterance.</param>
    /// <param name="map">The map of all of them.</param>
    public static CrossFit Measure(IReadOnlyList<IReadOnlyList<JudgedPart>> utterances, ConfidenceMap map)
    {
        ArgumentNullException.ThrowIfNull(utterances);
        ArgumentNullException.ThrowIfNull(map);
        int[] order = [.. Enumerable.Range(0, utterances.Count)];
        new Random(Seed).Shuffle(order);
        int middle = order.Length / 2;
        JudgedPart[] all = Parts(..), first = Parts(..middle), second = Parts(middle..);
        return new CrossFit(
            ConfidenceMeasures.All.ToDictionary(
                measure => measure, measure => JudgedConfidence.Discrimination(ConfidenceMap.Judged(measure, all))),
            Reliability.Measure(ConfidenceMap.Judged(map.Measure, all)),
            ConfidenceMap.Fit(first) is { } ofFirst && ConfidenceMap.Fit(second) is { } ofSecond
                ? Reliability.Measure([.. Mapped(first, ofSecond), .. Mapped(second, ofFirst)])
                : null);

        JudgedPart[] Parts(Range range) => [.. order[range].SelectMany(i => utterances[i])];
    }

    private static IEnumerable<JudgedConfidence> Mapped(IEnumerable<JudgedPart> parts, ConfidenceMap map) =>
        parts.Select(part => new JudgedConfidence(map.At(part.Part)!.Value, part.IsRight));
}
