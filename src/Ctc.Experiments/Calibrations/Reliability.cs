namespace Ctc.Experiments.Calibrations;

/// <summary>How far confidences are from the shares of what has them that is right, in ten bins of equal width.</summary>
/// <param name="Bins">From 0 to 0.1, 0.1 to 0.2, ..., 0.9 to 1; the limit between two belongs to the upper one.</param>
public sealed record Reliability(IReadOnlyList<ReliabilityBin> Bins)
{
    private const int Count = 10;

    /// <summary>
    /// Gets the expected calibration error: the mean, over all confidences, of the distance of the mean confidence of their bin from its share that
    /// is right. Source: Naeini, Cooper and Hauskrecht, Obtaining Well Calibrated Probabilities Using Bayesian Binning, AAAI 2015. NaN of none.
    /// </summary>
    public double ExpectedCalibrationError =>
        Bins.Sum(bin => bin.Count * Math.Abs(bin.Confidence - bin.Share)) / Bins.Sum(bin => bin.Count);

    /// <summary>Counts confidences.</summary>
    /// <param name="all">Confidences.</param>
    public static Reliability Measure(IEnumerable<JudgedConfidence> all)
    {
        ILookup<int, JudgedConfidence> binned = all.ToLookup(one => Math.Min((int)(one.Confidence * Count), Count - 1));
        return new Reliability([.. Enumerable.Range(0, Count).Select(bin => ReliabilityBin.Measure([.. binned[bin]]))]);
    }
}

/// <summary>The confidences of a bin.</summary>
/// <param name="Count">Their number.</param>
/// <param name="Confidence">Their mean; 0 if there are none.</param>
/// <param name="Share">The share that is right; 0 if there are none.</param>
public sealed record ReliabilityBin(int Count, double Confidence, double Share)
{
    internal static ReliabilityBin Measure(IReadOnlyList<JudgedConfidence> all) => all.Count == 0
        ? new ReliabilityBin(0, 0, 0)
        : new ReliabilityBin(all.Count, all.Average(one => one.Confidence), all.Average(one => one.IsRight ? 1.0 : 0));
}
