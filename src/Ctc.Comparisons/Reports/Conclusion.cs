using Ctc.Comparisons.Statistics;

namespace Ctc.Comparisons.Reports;

/// <summary>The conclusion of a comparison, in words.</summary>
internal static class Conclusion
{
    /// <summary>The corrected p-value below which a difference counts as shown.</summary>
    public const double Level = 0.05;

    /// <summary>Whether the comparison shows a difference.</summary>
    public static bool IsShown(VariantResult row) => row.Difference is { Paired.Sample.Count: > 1, Corrected: < Level };

    /// <summary>The spread over the seeds in words, if it differs from that of the baseline; else null.</summary>
    public static string? DescribeSpread(VariantResult row, Metric metric)
    {
        if (row.Difference is not { CorrectedSpread: < Level } difference) return null;
        (Scale scale, PairedSpread spread) = (metric.Scale, difference.Spread);
        string comparison = spread.Variant > spread.Baseline ? "larger" : "smaller", unit = $" {scale.DifferenceUnit}".TrimEnd();
        return $"spread over seeds {comparison} ({scale.Figures(spread.Variant)} against {scale.Figures(spread.Baseline)}{unit})";
    }

    public static string Describe(VariantResult row, Metric metric)
    {
        if (row.Obstacle is { } obstacle) return obstacle;
        if (row.Difference is not { } difference) return "baseline";
        SampleMean sample = difference.Paired.Sample;
        if (sample.Count == 1) return "seeds were not varied";
        if (difference.Corrected is not { } p) return "not tested: the difference is the same under every seed";
        if (p >= Level) return "no difference shown";
        string direction = sample.Mean < 0 ? "lower" : "higher";
        string worth = metric.Better == 0 ? "" : Math.Sign(sample.Mean) == metric.Better ? " (better)" : " (worse)";
        var size = new SampleMean(sample.Count, Math.Abs(sample.Mean), sample.Deviation);
        string amount = $"{metric.Scale.Spread(size)} {metric.Scale.DifferenceUnit}".TrimEnd();
        return $"{direction} by {amount}{worth}";
    }
}
