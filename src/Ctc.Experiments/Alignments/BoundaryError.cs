using System.Globalization;

namespace Ctc.Experiments.Alignments;

/// <summary>The distance of the starts and ends of tokens on the best alignment from the true ones.</summary>
/// <param name="Median">The median of the absolute errors.</param>
/// <param name="P90">The 90th percentile of the absolute errors, interpolated between the two nearest.</param>
/// <param name="MeanSigned">The mean error; above 0 is late.</param>
public sealed record BoundaryError(double Median, double P90, double MeanSigned)
{
    /// <summary>Summarizes errors of one unit.</summary>
    /// <param name="differences">Found minus true, for each start and each end.</param>
    /// <returns>Three numbers in that unit; null if there is no error.</returns>
    public static BoundaryError? FromDifferences(IEnumerable<double> differences)
    {
        double[] errors = [.. differences];
        if (errors.Length == 0) return null;
        double[] absolute = [.. errors.Select(Math.Abs).Order()];
        return new BoundaryError(Quantile(absolute, 0.5), Quantile(absolute, 0.9), errors.Average());
    }

    /// <summary>Start and end of each token, one after the other.</summary>
    /// <param name="found">In output frames.</param>
    /// <param name="truth">In input frames.</param>
    /// <param name="inputFrames">The number of input frames per output frame.</param>
    /// <returns>2U errors in input frames, found minus true.</returns>
    internal static double[] Signed(IReadOnlyList<FrameInterval> found, IReadOnlyList<FrameInterval> truth, double inputFrames) =>
        [.. found.Zip(truth).SelectMany(pair => new[]
        {
            (pair.First.Start * inputFrames) - pair.Second.Start,
            (pair.First.End * inputFrames) - pair.Second.End,
        })];

    /// <summary>Returns the limits within which errors are counted.</summary>
    /// <param name="areTimes">Whether errors are in milliseconds, and not in input frames.</param>
    public static IReadOnlyList<int> Limits(bool areTimes) => areTimes ? [10, 20, 50] : [1, 2, 5];

    /// <summary>Summarizes errors as a sentence.</summary>
    /// <param name="differences">Found minus true, for each start and each end.</param>
    /// <param name="areTimes">Whether errors are in milliseconds, and not in input frames.</param>
    /// <returns>Null if there is no error.</returns>
    public static string? Describe(IReadOnlyList<double> differences, bool areTimes)
    {
        if (FromDifferences(differences) is not { } error) return null;
        string unit = areTimes ? "ms" : "frames";
        double Share(int limit) => 100.0 * differences.Count(difference => Math.Abs(difference) <= limit) / differences.Count;
        IReadOnlyList<int> limits = Limits(areTimes);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{differences.Count} edges with a known truth: error {error.Median:f1} {unit} (median), {differences.Average(Math.Abs):f1} (mean), "
            + $"{error.P90:f1} (90 %); {Share(limits[0]):f1} / {Share(limits[1]):f1} / {Share(limits[2]):f1} % within "
            + $"{limits[0]} / {limits[1]} / {limits[2]} {unit}; bias {error.MeanSigned:+0.0;-0.0;0.0} {unit}");
    }

    private static double Quantile(double[] sorted, double share)
    {
        double place = share * (sorted.Length - 1);
        int below = (int)place;
        return double.Lerp(sorted[below], sorted[Math.Min(below + 1, sorted.Length - 1)], place - below);
    }
}
