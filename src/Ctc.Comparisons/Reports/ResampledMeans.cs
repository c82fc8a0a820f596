using Ctc.Comparisons.Statistics;

namespace Ctc.Comparisons.Reports;

/// <summary>Means over runs with their seeds fixed, on resamples of the test set that the runs have in common.</summary>
internal sealed class ResampledMeans
{
    private readonly List<(TestResult[] Tests, double[] Values)> means = [];

    /// <summary>Resamples every test set once for all means over it.</summary>
    /// <param name="metric">The metric whose means are computed.</param>
    /// <param name="wanted">The runs of each mean. A mean over runs of several test sets has no interval.</param>
    public ResampledMeans(Metric metric, IEnumerable<TestResult[]> wanted)
    {
        foreach (var sameSet in wanted.Where(HaveOneSet).GroupBy(tests => tests[0].Digest))
        {
            List<TestResult[]> distinct = [];
            foreach (TestResult[] tests in sameSet)
            {
                if (!distinct.Exists(tests.SequenceEqual)) distinct.Add(tests);
            }

            double[][] values = Bootstrap.Resample(distinct[0][0].Units.Count, [.. distinct.Select(metric.MeanOf)]);
            means.AddRange(distinct.Zip(values));
        }
    }

    /// <summary>The interval of a requested mean.</summary>
    public Interval? Mean(TestResult[] tests) => Values(tests) is { } values ? Bootstrap.Interval(values, tests[0].Units.Count) : null;

    /// <summary>The interval of the difference of two requested means.</summary>
    public Interval? Difference(TestResult[] variant, TestResult[] baseline) =>
        Values(variant) is { } values && Values(baseline) is { } from && variant[0].Digest == baseline[0].Digest
            ? Bootstrap.Interval(values.Zip(from, (value, less) => value - less), variant[0].Units.Count)
            : null;

    private static bool HaveOneSet(TestResult[] tests) => tests.Length > 0 && tests.All(test => test.Digest == tests[0].Digest);

    private double[]? Values(TestResult[] tests) => means.Find(mean => mean.Tests.SequenceEqual(tests)).Values;
}
