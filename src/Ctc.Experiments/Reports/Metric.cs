using Ctc.Experiments.Statistics;

namespace Ctc.Experiments.Reports;

/// <summary>Something that runs are compared by.</summary>
/// <param name="Key">Its name in files.</param>
/// <param name="Name">Its name in words.</param>
/// <param name="Scale">How it is written.</param>
/// <param name="Better">Which direction is the better one: −1 down, 1 up.</param>
/// <param name="Tallies">What an utterance brings to it; nothing where it says nothing of it.</param>
internal sealed record Metric(string Key, string Name, Scale Scale, int Better, Func<ReadUtterance, IEnumerable<Tally>> Tallies)
{
    /// <summary>The value of one test result; NaN where no utterance says anything of it.</summary>
    public double Of(TestResult test) => new MeanOfRatios(test.Utterances.Select(Tallies)).Value;

    /// <summary>The mean over runs that read one test set, as a function of how often each unit of it counts.</summary>
    public MeanOfRatios Of(IReadOnlyList<TestResult> tests) =>
        new(tests[0].Units.Select(unit => tests.SelectMany(test => unit.SelectMany(at => Tallies(test.Utterances[at])))));
}
