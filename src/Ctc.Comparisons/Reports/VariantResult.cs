using Ctc.Comparisons.Statistics;

namespace Ctc.Comparisons.Reports;

/// <summary>One variant by one metric.</summary>
/// <param name="Variant">The runs of the variant.</param>
/// <param name="Mean">Over the seeds that have a value; null if none has.</param>
/// <param name="OnTestSet">The interval of the mean with the seeds fixed and the test set resampled.</param>
internal sealed record VariantResult(VariantRuns Variant, SampleMean? Mean, Interval? OnTestSet)
{
    /// <summary>Gets the difference from the baseline; null for the baseline, and if nothing can be compared.</summary>
    public BaselineDifference? Difference { get; init; }

    /// <summary>Gets the reason if nothing can be compared, in words.</summary>
    public string? Obstacle { get; init; }
}

/// <summary>The difference of a variant from the baseline.</summary>
/// <param name="To">The runs of the baseline.</param>
/// <param name="Paired">Over the seeds that both have.</param>
/// <param name="Corrected">The p-value after Holm; null if there was no test.</param>
/// <param name="OnTestSet">The interval with the seeds fixed and the test set resampled.</param>
/// <param name="Spread">The spread of both over the seeds.</param>
/// <param name="CorrectedSpread">The p-value of the spread after Holm; null if there was no test.</param>
internal sealed record BaselineDifference(
    VariantRuns To, PairedDifference Paired, double? Corrected, Interval? OnTestSet, PairedSpread Spread, double? CorrectedSpread);
