using Ctc.Experiments.Alignments;

namespace Ctc.Experiments.Calibrations;

/// <summary>What of a token or word is mapped to its confidence.</summary>
public enum ConfidenceMeasure
{
    /// <summary>The share of alignments that are in its place.</summary>
    Occupancy,

    /// <summary>The probability that the model gives to it.</summary>
    Posterior,

    /// <summary>The product of both.</summary>
    Product,
}

/// <summary>The values of measures.</summary>
internal static class ConfidenceMeasures
{
    /// <summary>Gets the measures, simple ones first.</summary>
    public static IReadOnlyList<ConfidenceMeasure> All { get; } = Enum.GetValues<ConfidenceMeasure>();

    /// <summary>Returns the measure of a part of an alignment, from 0 to 1; null if the alignment has none.</summary>
    public static double? Of(this ConfidenceMeasure measure, AlignedPart part) => measure switch
    {
        ConfidenceMeasure.Occupancy => part.Occupancy,
        ConfidenceMeasure.Posterior => part.Posterior,
        _ => part.Occupancy * part.Posterior,
    };
}
