using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace Ctc.Comparisons.Statistics;

/// <summary>
/// The variation of a number with other test data of the same kind: as many units as there are, drawn with replacement, repeatedly.
/// Units are independent of each other: an utterance, or all utterances of one speaker.
/// </summary>
/// <remarks>
/// Sources: Bisani and Ney, "Bootstrap estimates for confidence intervals in ASR performance evaluation", ICASSP 2004; for units that
/// are groups, Liu and Peng, "Statistical testing on ASR performance via blockwise bootstrap", 2020; for the interval, Hesterberg,
/// "What teachers should know about the bootstrap", The American Statistician 69, 2015.
/// </remarks>
public static class Bootstrap
{
    /// <summary>The number of resamples.</summary>
    public const int Resamples = 4000;

    /// <summary>The fewest units for an interval.</summary>
    public const int FewestUnits = 10;

    private const int Seed = 1;

    /// <summary>Computes statistics of the same resamples, so that they can be subtracted from each other.</summary>
    /// <param name="units">The number of units.</param>
    /// <param name="statistics">Functions of the number of times that each unit was drawn.</param>
    /// <returns>For each statistic its value in every resample. The same numbers every time: the draws depend only on their number.</returns>
    /// <remarks>O(Resamples · units) draws, and as many evaluations of each statistic as there are resamples.</remarks>
    public static double[][] Resample(int units, IReadOnlyList<Func<int[], double>> statistics)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        double[][] values = [.. statistics.Select(_ => new double[Resamples])];
        var drawn = new int[units];
        for (int resample = 0; resample < Resamples; resample++)
        {
            Array.Clear(drawn);
            SplitMix64 chance = SplitMix64.At(Seed, resample);
            for (int i = 0; i < units; i++) drawn[chance.Below(units)]++;
            for (int s = 0; s < values.Length; s++) values[s][resample] = statistics[s](drawn);
        }

        return values;
    }

    /// <summary>
    /// The expanded percentile interval: from one percentile of the resampled values to another, further out than 2.5 % and 97.5 % by
    /// as much as Student's interval of a mean is wider than the plain one. For a mean the two agree.
    /// </summary>
    /// <param name="values">The values of the resamples; those that are not finite are left out.</param>
    /// <param name="units">The number of units that were resampled.</param>
    /// <returns>
    /// An interval; null for fewer units than <see cref="FewestUnits"/>, if no value is finite, and if all are the same: a value that never
    /// failed in this test set may fail in another.
    /// </returns>
    public static Interval? Interval(IEnumerable<double> values, int units)
    {
        double[] sorted = [.. values.Where(double.IsFinite).Order()];
        if (units < FewestUnits || sorted.Length == 0 || sorted[0] == sorted[^1]) return null;
        double reach = StudentT.InvCDF(0, 1, units - 1, Statistics.Interval.Tail) * Math.Sqrt(units / (units - 1.0));
        double tail = Normal.CDF(0, 1, reach);
        return new Interval(SortedArrayStatistics.Quantile(sorted, tail), SortedArrayStatistics.Quantile(sorted, 1 - tail));
    }
}
