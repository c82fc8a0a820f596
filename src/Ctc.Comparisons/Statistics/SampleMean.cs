using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace Ctc.Comparisons.Statistics;

/// <summary>An estimate of a mean from a few independent values, such as the results of several seeds.</summary>
/// <param name="Count">The number of values, at least 1.</param>
/// <param name="Mean">Their mean.</param>
/// <param name="Deviation">Their standard deviation, with Count − 1 in the denominator; 0 for one value, and if all are the same.</param>
/// <remarks>Source: Student, "The probable error of a mean", Biometrika 6, 1908.</remarks>
public sealed record SampleMean(int Count, double Mean, double Deviation)
{
    // Less than this, relative to the numbers that were computed with, is their rounding.
    private const double Rounding = 1e-12;

    /// <summary>
    /// Gets the interval Mean ± t · Deviation / √Count, with the quantile t of Student's distribution with Count − 1 degrees of
    /// freedom; null for one value, and if all are the same, because then the spread is unknown.
    /// </summary>
    public Interval? Interval
    {
        get
        {
            if (Deviation == 0) return null;
            double half = -StudentT.InvCDF(0, 1, Count - 1, Statistics.Interval.Tail) * StandardError;
            return new Interval(Mean - half, Mean + half);
        }
    }

    /// <summary>Gets Deviation / √Count.</summary>
    internal double StandardError => Deviation / Math.Sqrt(Count);

    /// <summary>Takes mean and deviation of some values.</summary>
    /// <param name="values">Finite numbers, at least one.</param>
    /// <returns>The statistics.</returns>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static SampleMean FromValues(params double[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return FromValues(values, values.Select(Math.Abs).DefaultIfEmpty().Max());
    }

    /// <param name="values">Finite numbers, at least one.</param>
    /// <param name="magnitude">The largest number that they were computed from; what is 10⁻¹² of it or less counts as 0.</param>
    internal static SampleMean FromValues(double[] values, double magnitude)
    {
        if (values.Length == 0) throw new ArgumentException("There are no values; expected at least one.", nameof(values));
        (double mean, double deviation) = ArrayStatistics.MeanStandardDeviation(values);
        double Cleaned(double value) => Math.Abs(value) <= Rounding * magnitude ? 0 : value;
        return new SampleMean(values.Length, Cleaned(mean), values.Length == 1 ? 0 : Cleaned(deviation));
    }
}
