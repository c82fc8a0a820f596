using Ctc.Experiments.Alignments;

namespace Ctc.Experiments.Calibrations;

/// <summary>The confidence of tokens, or of words: the probability that both of their edges are within a tolerance.</summary>
/// <param name="Measure">What is mapped.</param>
/// <param name="Map">The map.</param>
public sealed record ConfidenceMap(ConfidenceMeasure Measure, IsotonicMap Map)
{
    /// <summary>Chooses the measure that tells right from wrong best, and fits the map to it.</summary>
    /// <param name="parts">Tokens, or words, with confidences.</param>
    /// <returns>Null if there are none.</returns>
    public static ConfidenceMap? Fit(IReadOnlyList<JudgedPart> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Count == 0) return null;
        ConfidenceMeasure measure = ConfidenceMeasures.All.MaxBy(measure => JudgedConfidence.Discrimination(Judged(measure, parts)));
        return new ConfidenceMap(measure, IsotonicMap.Fit(Judged(measure, parts)));
    }

    /// <summary>Returns the confidence of a token or word; null if it has no measure.</summary>
    public double? At(AlignedPart part) => Measure.Of(part) is { } value ? Map.At(value) : null;

    /// <summary>The values of a measure.</summary>
    internal static IEnumerable<JudgedConfidence> Judged(ConfidenceMeasure measure, IEnumerable<JudgedPart> parts) =>
        parts.Select(part => new JudgedConfidence(measure.Of(part.Part)!.Value, part.IsRight));
}
