using System.ComponentModel.DataAnnotations;
using Ctc.Experiments.Data.Digits;
using Ctc.Experiments.Tests.Data.Common;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Data.Digits;

public class DigitLinesSourceTests
{
    [Test]
    public void No_digit_is_in_two_sets_whatever_the_seed([Values(0, 1, 2, -3, int.MaxValue)] int seed)
    {
        IReadOnlyList<Digit> digits = DigitFile.Load(RealDigits.File);
        DigitSplit split = DigitSplit.Create(digits, SplitMix64.At(seed, 0));
        int[] rows = [.. split.Train.Concat(split.Dev).Concat(split.Test).Select(digit => digit.Row)];
        Assert.That(rows, Is.EquivalentTo(Enumerable.Range(1, 1797)));
    }

    [Test]
    public void Each_class_is_shared_in_the_same_proportions()
    {
        DigitSplit split = DigitSplit.Create(DigitFile.Load(RealDigits.File), SplitMix64.At(0, 0));
        for (int label = 0; label < 10; label++)
        {
            int[] counts = [.. new[] { split.Train, split.Dev, split.Test }.Select(set => set.Count(digit => digit.Label == label))];
            Assert.That(counts[0] / (double)counts.Sum(), Is.EqualTo(0.6).Within(0.01));
            Assert.That(counts[1] / (double)counts.Sum(), Is.EqualTo(0.15).Within(0.01));
        }
    }

    [Test]
    public void The_same_options_give_the_same_lines()
    {
        Dataset once = new DigitLinesSource(RealDigits.Few).Load(), again = new DigitLinesSource(RealDigits.Few).Load();
        AssertSame(once.Train, again.Train);
        AssertSame(once.Dev, again.Dev);
        AssertSame(once.Test, again.Test);
    }

    [Test]
    public void Another_seed_gives_other_lines()
    {
        Utterance line = new DigitLinesSource(RealDigits.Few).Load().Train[0];
        Utterance other = new DigitLinesSource(RealDigits.Few with { Seed = 1 }).Load().Train[0];
        Assert.That(other.ReadFeatures(), Is.Not.EqualTo(line.ReadFeatures()));
    }

    [Test]
    public void More_lines_leave_the_first_ones_as_they_were()
    {
        Dataset few = new DigitLinesSource(RealDigits.Few).Load();
        Dataset more = new DigitLinesSource(RealDigits.Few with { TrainLines = 30, DevLines = 6 }).Load();
        AssertSame(few.Train, more.Train.Take(12));
        AssertSame(few.Dev, more.Dev.Take(5));
        AssertSame(few.Test, more.Test);
    }

    [Test]
    public void The_first_line_is_the_same_on_every_machine()
    {
        Utterance line =
            new DigitLinesSource(new DigitLinesOptions { File = RealDigits.File, TrainLines = 1, DevLines = 1, TestLines = 1 }).Load().Test[0];
        long ink = line.ReadFeatures().Sum(feature => (long)Math.Round(255 * feature));
        // Any other line makes published figures untrue.
        Assert.That((line.Frames, string.Join(' ', line.Target), ink), Is.EqualTo((63, "1 1 9 4 3 4 2 10", 32545L)));
    }

    [Test]
    public void The_lines_of_the_published_figures_stay_the_same_to_the_last_bit() =>
        Assert.That(
            DatasetDigest.Of(new DigitLinesSource(new DigitLinesOptions { File = RealDigits.File }).Load()),
            Is.EqualTo("a68f468ab142818093a098e74c7b2d8bad6b51c3343444d92a1ac7cf3352a6f1"));

    [Test]
    [Category("Slow")]
    public void With_an_exponent_low_digits_are_frequent_to_learn_from_and_no_digit_is_to_measure_on()
    {
        Dataset data = new DigitLinesSource(RealDigits.Few with { TrainLines = 2000, DevLines = 2000, TestLines = 2000, Zipf = 1 }).Load();
        double harmonic = Enumerable.Range(1, 10).Sum(rank => 1.0 / rank); // 2.929
        for (long token = 1; token <= 10; token++)
        {
            Assert.That(Share(data.Train, token), Is.EqualTo(1 / (token * harmonic)).Within(0.015));
            Assert.That(Share(data.Dev, token), Is.EqualTo(1 / (token * harmonic)).Within(0.015));
            Assert.That(Share(data.Test, token), Is.EqualTo(0.1).Within(0.015));
        }

        static double Share(IReadOnlyList<Utterance> lines, long token) =>
            lines.SelectMany(line => line.Target).Average(other => other == token ? 1 : 0);
    }

    [Test]
    public void Frequencies_leave_the_test_lines_as_they_were() =>
        AssertSame(new DigitLinesSource(RealDigits.Few).Load().Test, new DigitLinesSource(RealDigits.Few with { Zipf = 1 }).Load().Test);

    [Test]
    [Category("Slow")]
    public void With_a_succession_each_digit_follows_another_one_with_the_probability_of_its_distance_in_all_sets()
    {
        Dataset data = new DigitLinesSource(RealDigits.Few with { TrainLines = 1500, DevLines = 1500, TestLines = 1500, Succession = 2 }).Load();
        double sum = Enumerable.Range(1, 10).Sum(rank => 1.0 / (rank * rank)); // 1.550
        foreach (IReadOnlyList<Utterance> set in new[] { data.Train, data.Dev, data.Test })
        {
            long[] distances = [.. set.SelectMany(line => line.Target.Zip(line.Target.Skip(1), (before, after) => (after - before + 9) % 10))];
            for (int distance = 0; distance < 10; distance++)
            {
                double expected = 1 / ((distance + 1) * (distance + 1) * sum); // 0.645 for the next digit, 0.006 for the same one
                Assert.That(distances.Count(found => found == distance) / (double)distances.Length, Is.EqualTo(expected).Within(0.02));
            }

            Assert.That(set.Count(line => line.Target[0] == 4) / (double)set.Count, Is.EqualTo(0.1).Within(0.025));
        }

        DigitLinesOptions both = RealDigits.Few with { Zipf = 1, Succession = 2 };
        Assert.That(
            both.Validate(new ValidationContext(both)).Single().ErrorMessage, Is.EqualTo("succession is 2 beside zipf 1; expected one of them"));
    }

    [Test]
    public void Every_span_covers_ink_and_nothing_else_does()
    {
        foreach (Utterance line in new DigitLinesSource(RealDigits.Few with { Noise = 0 }).Load().Train)
        {
            bool[] inked = [.. Enumerable.Range(0, line.Frames).Select(t => line.ReadFeatures().AsSpan(t * 10, 10).ContainsAnyExcept(0f))];
            bool[] spanned = new bool[line.Frames];
            foreach (FrameInterval span in line.Spans!) spanned.AsSpan((int)span.Start..(int)span.End).Fill(true);
            Assert.That(inked, Is.EqualTo(spanned), line.Id);
        }
    }

    [Test]
    public void Every_digit_has_a_span_and_spans_are_in_order()
    {
        foreach (Utterance line in new DigitLinesSource(RealDigits.Few with { MaxGap = 0 }).Load().Train)
        {
            Assert.That(line.Spans, Has.Count.EqualTo(line.Target.Length));
            Assert.That(line.Spans!.Zip(line.Spans!.Skip(1)).All(pair => pair.First.End == pair.Second.Start));
            Assert.That(line.Spans![^1].End, Is.LessThan(line.Frames));
        }
    }

    [Test]
    public void Lengths_targets_and_greys_keep_their_bounds()
    {
        Dataset data = new DigitLinesSource(RealDigits.Few with { TrainLines = 100, Height = 12 }).Load();
        Assert.That((data.FeatureSize, data.Alphabet.Size, data.Alphabet.Blank, data.FrameMilliseconds), Is.EqualTo((12, 11L, 0L, (double?)null)));
        Assert.That(data.Train.Select(line => line.Target.Length).Distinct().Order(), Is.EqualTo(new[] { 4, 5, 6, 7, 8 }));
        foreach (Utterance line in data.Train)
        {
            Assert.That(line.ReadFeatures(), Has.Length.EqualTo(12 * line.Frames).And.All.InRange(0f, 1f));
            Assert.That(line.Target, Has.All.InRange(1L, 10L));
            int repeats = line.Target.Zip(line.Target.Skip(1)).Count(pair => pair.First == pair.Second);
            Assert.That(line.Frames, Is.GreaterThanOrEqualTo(line.Target.Length + repeats));
        }
    }

    [Test]
    public void The_token_of_a_digit_is_the_digit_plus_one() =>
        Assert.That(new DigitLinesSource(RealDigits.Few).Load().Alphabet.Format([1, 10, 5]), Is.EqualTo("094"));

    [Test]
    public void A_line_without_digits_is_paper()
    {
        Utterance line = new DigitLinesSource(RealDigits.Few with { MinDigits = 0, MaxDigits = 0, Noise = 0 }).Load().Train[0];
        Assert.That(line.Target, Is.Empty);
        Assert.That(line.Frames, Is.GreaterThan(0));
        Assert.That(line.ReadFeatures(), Has.All.Zero);
    }

    [Test]
    public void Fewer_digits_at_most_than_at_least_are_refused()
    {
        DigitLinesOptions options = RealDigits.Few with { MaxDigits = 3 };
        Assert.That(
            options.Validate(new ValidationContext(options)).Single().ErrorMessage,
            Is.EqualTo("max-digits is 3; expected at least min-digits, 4"));
    }

    [Test]
    public void Too_few_digits_for_three_sets_are_refused()
    {
        using var folder = new TemporaryFolder();
        string file = DigitFileTests.Write(folder, [.. Enumerable.Repeat(string.Join(',', Enumerable.Repeat("1", 65)), 6)]);
        var source = new DigitLinesSource(RealDigits.Few with { File = file });
        Assert.That(source.Load, Throws.TypeOf<InvalidDataException>().With.Message.Contains("too few digits"));
    }

    private static void AssertSame(IEnumerable<Utterance> one, IEnumerable<Utterance> other)
    {
        Assert.That(other.Select(line => line.Id), Is.EqualTo(one.Select(line => line.Id)));
        Assert.That(other.Select(line => line.ReadFeatures()), Is.EqualTo(one.Select(line => line.ReadFeatures())));
        Assert.That(other.Select(line => line.Target), Is.EqualTo(one.Select(line => line.Target)));
        Assert.That(other.Select(line => line.Spans), Is.EqualTo(one.Select(line => line.Spans)));
    }
}
