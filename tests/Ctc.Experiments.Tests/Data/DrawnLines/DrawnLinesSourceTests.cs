using System.ComponentModel.DataAnnotations;
using Ctc.Experiments.Data.DrawnLines;
using Ctc.Experiments.Tests.Data.Common;
using Ctc.Tests;
using SkiaSharp;

namespace Ctc.Experiments.Tests.Data.DrawnLines;

public class DrawnLinesSourceTests
{
    private static readonly DrawnLinesOptions Few = new() { Symbols = "etaongλπ", TrainLines = 12, DevLines = 5, TestLines = 7 };

    [Test]
    public void The_same_options_give_the_same_lines_and_another_seed_others()
    {
        string once = DatasetDigest.Of(new DrawnLinesSource(Few).Load());
        Assert.That(DatasetDigest.Of(new DrawnLinesSource(Few).Load()), Is.EqualTo(once));
        Assert.That(DatasetDigest.Of(new DrawnLinesSource(Few with { Seed = 1 }).Load()), Is.Not.EqualTo(once));
    }

    [Test]
    public void The_font_counts_and_not_where_it_comes_from()
    {
        string carried = DatasetDigest.Of(new DrawnLinesSource(Few).Load());
        Assert.That(DatasetDigest.Of(new DrawnLinesSource(Few with { FontFiles = [CarriedFont.File] }).Load()), Is.EqualTo(carried));
    }

    [Test]
    public void Every_line_fits_its_height_and_its_target()
    {
        Dataset data = new DrawnLinesSource(Few with { TrainLines = 200 }).Load();
        Assert.That((data.FeatureSize, data.Alphabet.Size, data.FrameMilliseconds), Is.EqualTo((18, 9L, (double?)null)));
        Assert.That(data.Alphabet.Symbols, Is.EqualTo(new[] { "e", "t", "a", "o", "n", "g", "λ", "π" }));
        Assert.That(data.Train.Select(line => line.Target.Length).Distinct().Order(), Is.EqualTo(new[] { 3, 4, 5, 6, 7 }));
        foreach (Utterance line in data.Train)
        {
            Assert.That(line.ReadFeatures(), Has.Length.EqualTo(18 * line.Frames).And.All.InRange(0f, 1f));
            Assert.That(line.Target, Has.All.InRange(1L, 8L));
            Assert.That(line.Spans!.Select(span => span.End - span.Start), Has.All.GreaterThanOrEqualTo(3));
        }
    }

    [Test]
    public void Every_span_begins_and_ends_with_ink_and_there_is_none_outside()
    {
        foreach (Utterance line in new DrawnLinesSource(Few with { Noise = 0 }).Load().Train)
        {
            bool[] inked = [.. Enumerable.Range(0, line.Frames).Select(t => line.ReadFeatures().AsSpan(t * 18, 18).ContainsAnyExcept(0f))];
            foreach (FrameInterval span in line.Spans!) Assert.That(inked[(int)span.Start] && inked[(int)span.End - 1], line.Id);
            int outside = Enumerable.Range(0, line.Frames).Count(t => inked[t] && !line.Spans!.Any(span => span.Start <= t && t < span.End));
            Assert.That(outside, Is.Zero, line.Id);
        }
    }

    [Test]
    [Category("Slow")]
    public void First_symbols_are_frequent_to_learn_from_and_none_is_to_measure_on()
    {
        Dataset data = new DrawnLinesSource(Few with { TrainLines = 2000, DevLines = 2000, TestLines = 2000, Zipf = 1.3 }).Load();
        double[] weights = [.. Enumerable.Range(1, 8).Select(rank => Math.Pow(rank, -1.3))];
        for (int rank = 0; rank < 8; rank++)
        {
            Assert.That(Share(data.Train, rank), Is.EqualTo(weights[rank] / weights.Sum()).Within(0.02));
            Assert.That(Share(data.Dev, rank), Is.EqualTo(weights[rank] / weights.Sum()).Within(0.02));
            Assert.That(Share(data.Test, rank), Is.EqualTo(1 / 8.0).Within(0.02));
        }

        static double Share(IReadOnlyList<Utterance> lines, int rank) =>
            lines.SelectMany(line => line.Target).Average(token => token == rank + 1 ? 1 : 0);
    }

    [Test]
    public void What_is_written_is_read_back()
    {
        using var folder = new TemporaryFolder();
        var source = new DrawnLinesSource(Few);
        Utterance line = source.Load().Test[0];
        string file = source.Write(line, folder.In("."))!;
        Assert.That(source.Read(file).ReadFeatures(), Is.EqualTo(line.ReadFeatures()));
        using SKBitmap image = SKBitmap.Decode(file);
        Assert.That((Path.GetFileName(file), image.Width, image.Height), Is.EqualTo(("test-0.png", line.Frames, 18)));
    }

    [Test]
    public void Words_are_drawn_by_their_first_symbols_and_are_the_tokens_of_targets()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.In("words.txt"), "seven t o\nat 0.5 a\nat 0.9 n g\n");
        DrawnLinesOptions words = Few with { Words = folder.In("words.txt"), MinSymbols = 1, MaxSymbols = 1, MaxGap = 0, MaxSize = 14 };
        Dataset drawn = new DrawnLinesSource(words).Load();
        Assert.That(drawn.Alphabet.Symbols, Is.EqualTo(new[] { "seven", "at" }));
        Dataset letters = new DrawnLinesSource(words with { Words = null, Symbols = "toa" }).Load();
        int[] width = [.. Enumerable.Range(1, 3).Select(letter => Width(letters.Train.First(line => line.Target[0] == letter)))];
        Assert.That(Width(drawn.Train.First(line => line.Target[0] == 1)), Is.EqualTo(width[0] + width[1]));
        Assert.That(Width(drawn.Train.First(line => line.Target[0] == 2)), Is.EqualTo(width[2]));

        static int Width(Utterance line) => (int)(line.Spans![0].End - line.Spans[0].Start);
    }

    [TestCase("a th b", "words.txt: the symbol 'th' cannot be drawn; expected symbols of one character each.")]
    [TestCase("a", "words.txt, line 1: 'a' has no symbols for 'a'; expected a word, perhaps a weight, and its symbols.")]
    public void A_file_of_words_that_cannot_be_drawn_is_refused(string line, string sentence)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.In("words.txt"), line);
        Assert.That(
            new DrawnLinesSource(Few with { Words = folder.In("words.txt") }).Load,
            Throws.TypeOf<InvalidDataException>().With.Message.EndsWith(sentence));
    }

    [Test]
    public void A_symbol_that_leaves_no_ink_is_refused() =>
        Assert.That(
            new DrawnLinesSource(Few with { Symbols = "a b" }).Load,
            Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(
                "The font DejaVu Sans draws nothing for U+0020; expected symbols that leave ink."));

    [Test]
    public void Files_that_were_not_named_are_listed_and_those_that_were_are_not()
    {
        Assert.That(new DrawnLinesSource(Few).DataFiles(), Is.Empty);
        Assert.That(new DrawnLinesSource(Few with { FontFiles = [CarriedFont.File] }).DataFiles(), Is.Empty);
    }

    [TestCaseSource(nameof(Contradictions))]
    public void Options_that_contradict_each_other_are_refused(DrawnLinesOptions options, string message) =>
        Assert.That(options.Validate(new ValidationContext(options)).Select(result => result.ErrorMessage), Is.EqualTo(new[] { message }));

    [Test]
    public void The_default_options_agree() => Assert.That(Few.Validate(new ValidationContext(Few)), Is.Empty);

    [Test]
    public void Sixty_symbols_are_the_default() => Assert.That(new DrawnLinesOptions().Symbols.Distinct().Count(), Is.EqualTo(60));

    private static IEnumerable<TestCaseData> Contradictions()
    {
        yield return new(Few with { Symbols = "" }, "symbols are empty; expected at least one character");
        yield return new(Few with { Symbols = "aba" }, "symbols hold 'a' 2 times; expected distinct characters");
        yield return new(Few with { MaxSymbols = 2 }, "max-symbols is 2; expected at least min-symbols, 3");
        yield return new(Few with { MaxSize = 13 }, "max-size is 13; expected at least min-size, 14");
        yield return new(Few with { Height = 15 }, "max-size is 16; expected at most height, 15");
    }
}
