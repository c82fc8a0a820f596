using Ctc.Comparisons.Statistics;

namespace Ctc.Comparisons.Tests.Statistics;

/// <summary>Whether intervals hold the truth as often as they promise, on results whose truth is known.</summary>
public class CoverageTests
{
    [Test]
    public void Over_five_seeds_the_interval_holds_the_difference_and_the_test_errs_as_often_as_it_says()
    {
        const int repetitions = 10_000;
        int held = 0, falsePositives = 0;
        for (int repetition = 0; repetition < repetitions; repetition++)
        {
            SplitMix64 chance = SplitMix64.At(11, repetition);
            held += Difference(chance, 0.012).Sample.Interval!.Value.Holds(0.012) ? 1 : 0;
            falsePositives += Difference(chance, 0).P < 0.05 ? 1 : 0;
        }

        TestContext.Out.WriteLine($"coverage {held / (double)repetitions:p2}, uncorrected false positives {falsePositives / (double)repetitions:p2}");
        Assert.That(held / (double)repetitions, Is.InRange(0.943, 0.957));
        Assert.That(falsePositives / (double)repetitions, Is.InRange(0.043, 0.057));

        // Pairs of one seed have something in common, which cancels.
        static PairedDifference Difference(SplitMix64 chance, double truth) => PairedDifference.FromPairs([.. Enumerable.Range(0, 5).Select(_ =>
        {
            double seed = 0.05 + (0.02 * chance.Gaussian());
            return (seed + truth + (0.008 * chance.Gaussian()), seed);
        })]);
    }

    [Test]
    public void Holm_keeps_the_chance_of_any_false_alarm_among_eight_variants()
    {
        const int repetitions = 4000;
        int alarms = 0;
        for (int repetition = 0; repetition < repetitions; repetition++)
        {
            SplitMix64 chance = SplitMix64.At(12, repetition);
            double[] baseline = [.. Enumerable.Range(0, 5).Select(_ => chance.Gaussian())];
            double?[] p = Holm.Correct(
                [.. Enumerable.Range(0, 8).Select(_ => PairedDifference.FromPairs([.. baseline.Select(value => (chance.Gaussian(), value))]).P)]);
            alarms += p.Min() < 0.05 ? 1 : 0;
        }

        TestContext.Out.WriteLine($"families with a false alarm {alarms / (double)repetitions:p2}");
        Assert.That(alarms / (double)repetitions, Is.InRange(0.005, 0.057));
    }

    // Reduced; the bounds are those of the long one, widened by three standard deviations of a share of 100.
    [Test]
    [Category("Slow")]
    public void The_bootstrap_over_500_utterances_holds_the_difference() =>
        Assert.That(Coverage(repetitions: 100, utterances: 500, size: 1), Is.InRange(0.86, 1));

    [Test, Category("Long"), Explicit("a minute")]
    public void The_bootstrap_over_500_utterances_holds_the_difference_in_95_of_100_cases() =>
        Assert.That(Coverage(repetitions: 1000, utterances: 500, size: 1), Is.InRange(0.925, 0.97));

    [Test]
    [Category("Slow")]
    public void Utterances_of_one_speaker_are_drawn_together_or_the_interval_is_too_narrow()
    {
        Assert.That(Coverage(repetitions: 300, utterances: 300, size: 15), Is.InRange(0.90, 0.98), "20 speakers");
        Assert.That(Coverage(repetitions: 100, utterances: 300, size: 15, asOneGroup: false), Is.LessThan(0.8), "what comes of ignoring them");
    }

    /// <summary>How often the interval of the difference of two token error rates holds the truth.</summary>
    private static double Coverage(int repetitions, int utterances, int size, bool asOneGroup = true)
    {
        const double variantRate = 0.05, baselineRate = 0.07;
        int held = 0;
        for (int repetition = 0; repetition < repetitions; repetition++)
        {
            SplitMix64 chance = SplitMix64.At(13, repetition);
            List<Tally>[] variant = [.. Enumerable.Range(0, utterances).Select(_ => new List<Tally>())];
            List<Tally>[] baseline = [.. variant.Select(_ => new List<Tally>())];
            double ease = 1;
            for (int u = 0; u < utterances; u++)
            {
                // Speakers differ in what the variant does for them; tokens are read one by one, of mean rate as above.
                if (u % size == 0) ease = size == 1 ? 1 : chance.Below(2) * 2;
                int tokens = chance.Between(3, 12), unit = asOneGroup ? u / size : u;
                variant[unit].Add(new Tally("", Errors(chance, tokens, variantRate * ease), tokens));
                baseline[unit].Add(new Tally("", Errors(chance, tokens, baselineRate), tokens));
            }

            int units = asOneGroup ? utterances / size : utterances;
            double[][] values =
                Bootstrap.Resample(units, [new MeanOfRatios(variant.Take(units)).Compute, new MeanOfRatios(baseline.Take(units)).Compute]);
            held += Bootstrap.Interval(values[0].Zip(values[1], (value, less) => value - less), units)!.Value.Holds(variantRate - baselineRate)
                ? 1
                : 0;
        }

        TestContext.Out.WriteLine($"coverage {held / (double)repetitions:p1}");
        return held / (double)repetitions;
    }

    private static int Errors(SplitMix64 chance, int tokens, double rate) => Enumerable.Range(0, tokens).Count(_ => chance.Unit() < rate);
}
