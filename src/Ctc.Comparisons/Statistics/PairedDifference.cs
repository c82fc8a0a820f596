using MathNet.Numerics.Distributions;

namespace Ctc.Comparisons.Statistics;

/// <summary>The difference between a variant and its baseline over runs with the same seeds.</summary>
/// <param name="Sample">The differences, variant minus baseline, one for each seed.</param>
/// <remarks>
/// Effects of the seed that both share, such as the order of the training data, cancel. Source: Student's paired t-test, as in Dror et al.,
/// "The hitchhiker's guide to testing statistical significance in natural language processing", ACL 2018.
/// </remarks>
public sealed record PairedDifference(SampleMean Sample)
{
    /// <summary>
    /// Gets the two-sided p-value of the paired t-test. Null for one pair. Where the difference is the same in all pairs the test
    /// statistic has no denominator: 1 if the difference is 0, else null.
    /// </summary>
    public double? P => Sample switch
    {
        { Count: 1 } => null,
        { Deviation: > 0 } => 2 * StudentT.CDF(0, 1, Sample.Count - 1, -Math.Abs(Sample.Mean) / Sample.StandardError),
        { Mean: 0 } => 1,
        _ => null,
    };

    /// <summary>Takes the differences of pairs.</summary>
    /// <param name="pairs">Finite numbers, at least one pair.</param>
    /// <returns>The statistics.</returns>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static PairedDifference FromPairs(params (double Variant, double Baseline)[] pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        double magnitude = pairs.Select(pair => Math.Max(Math.Abs(pair.Variant), Math.Abs(pair.Baseline))).DefaultIfEmpty().Max();
        return new PairedDifference(SampleMean.FromValues([.. pairs.Select(pair => pair.Variant - pair.Baseline)], magnitude));
    }
}
