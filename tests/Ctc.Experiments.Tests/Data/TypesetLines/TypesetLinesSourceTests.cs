using System.ComponentModel.DataAnnotations;
using Ctc.Experiments.Data.Common;
using Ctc.Experiments.Data.TypesetLines;
using Ctc.Experiments.Tests.Data.Common;
using Ctc.Experiments.Tests.Data.DrawnLines;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Data.TypesetLines;

public class TypesetLinesSourceTests
{
    private static readonly string[] Words = ["alpha", "beta", "gamma", "delta", "omega", "sigma", "theta", "kappa"];

    private TemporaryFolder folder = new();

    [SetUp]
    public void Write()
    {
        folder = new TemporaryFolder();
        File.WriteAllLines(folder.In("text"), Words.SelectMany(first => Words.Select(second => $"{first} and {second}")));
        File.WriteAllLines(folder.In("hebrew"), ["שלום עולם", "בוקר טוב", "לילה טוב", "שנה טובה", "12 3 45"]);
    }

    [TearDown]
    public void Delete() => folder.Dispose();

    [Test]
    public void The_same_options_give_the_same_lines_and_another_seed_others()
    {
        string once = DatasetDigest.Of(Load(Few()));
        Assert.That(DatasetDigest.Of(Load(Few())), Is.EqualTo(once));
        Assert.That(DatasetDigest.Of(Load(Few() with { Seed = 1 })), Is.Not.EqualTo(once));
    }

    [Test]
    public void Every_line_is_a_piece_of_the_text_and_no_piece_is_in_two_sets()
    {
        Dataset data = Load(Few());
        string[] read = [.. data.Train.Concat(data.Dev).Concat(data.Test).Select(line => data.Alphabet.Format(line.Target))];
        Assert.That((data.Train.Count, data.Dev.Count, data.Test.Count, data.FeatureSize), Is.EqualTo((12, 5, 7, 32)));
        Assert.That(read, Is.Unique.And.SubsetOf(File.ReadAllLines(folder.In("text"))));
        Assert.That(data.Alphabet.Symbols, Is.EqualTo(data.Alphabet.Symbols.Order(StringComparer.Ordinal)).And.Contain(" "));
        foreach (Utterance line in data.Train)
        {
            Assert.That(line.ReadFeatures(), Has.Length.EqualTo(32 * line.Frames).And.All.InRange(0f, 1f));
            Assert.That(line.Group, Is.EqualTo("DejaVu Sans"));
        }
    }

    [Test]
    public void Without_wear_there_is_paper_around_the_ink_and_none_between_the_margins_is_empty()
    {
        foreach (Utterance line in Load(Clean()).Train)
        {
            float[] features = line.ReadFeatures();
            bool[] inked = [.. Enumerable.Range(0, line.Frames).Select(t => features.AsSpan(t * 32, 32).ContainsAnyExcept(0f))];
            Assert.That(inked[..3], Has.All.False);
            Assert.That(inked[^3..], Has.All.False);
            Assert.That(inked.Count(isInked => isInked), Is.GreaterThan(line.Frames / 2));
            Assert.That(features.Max(), Is.EqualTo(1));
        }
    }

    [Test]
    public void Each_kind_of_wear_changes_the_image_and_not_its_text()
    {
        Dataset clean = Load(Clean());
        TypesetLinesOptions[] worn =
        [
            Clean() with { Slant = 0.3 }, Clean() with { Blur = 2 }, Clean() with { BleedThrough = 0.5 },
            Clean() with { Noise = 0.1 }, Clean() with { MinInk = 0.5 },
        ];
        foreach (Dataset data in worn.Select(Load))
        {
            Assert.That(data.Train.Select(line => line.Target), Is.EqualTo(clean.Train.Select(line => line.Target)));
            Assert.That(data.Train[0].ReadFeatures(), Is.Not.EqualTo(clean.Train[0].ReadFeatures()));
        }
    }

    [TestCase("text", ReadingDirection.LeftToRight)]
    [TestCase("hebrew", ReadingDirection.RightToLeft)]
    public void An_image_that_is_written_reads_as_the_line(string text, ReadingDirection direction)
    {
        TypesetLinesOptions options = Few() with
        {
            Texts = folder.In(text), TrainLines = 2, DevLines = 1, TestLines = 1, MinLength = 4, Direction = direction,
        };
        var source = new TypesetLinesSource(options);
        Utterance line = source.Load().Train[0];
        Assert.That(source.Read(source.Write(line, folder.Path)!).ReadFeatures(), Is.EqualTo(line.ReadFeatures()));
    }

    [Test]
    public void Text_from_right_to_left_has_its_first_letter_at_its_first_frame()
    {
        // Of one wide letter before narrow ones, the first inked frames are those of the wide one.
        File.WriteAllLines(folder.In("wide"), ["ש" + new string('ו', 8), "ש" + new string('ו', 9), "ש" + new string('ו', 10)]);
        TypesetLinesOptions options = Clean() with
        {
            Texts = folder.In("wide"), TrainLines = 1, DevLines = 1, TestLines = 1, MinLength = 1, MinSize = 24, MaxSize = 24,
            Direction = ReadingDirection.RightToLeft,
        };
        Utterance line = Load(options).Train[0];
        float[] features = line.ReadFeatures();
        bool[] inked = [.. Enumerable.Range(0, line.Frames).Select(t => features.AsSpan(t * 32, 32).ContainsAnyExcept(0f))];
        int first = Array.IndexOf(inked, true), last = Array.LastIndexOf(inked, true);
        int firstRun = Array.IndexOf(inked, false, first) - first, lastRun = last - Array.LastIndexOf(inked, false, last);
        Assert.That(firstRun, Is.GreaterThan(2 * lastRun));
    }

    [Test]
    public void A_line_that_is_too_wide_for_an_image_is_refused_and_not_cut()
    {
        File.WriteAllLines(folder.In("wide"), [new string('W', 800), new string('M', 800), new string('O', 800)]);
        TypesetLinesOptions options = Few() with { Texts = folder.In("wide"), TrainLines = 1, DevLines = 1, TestLines = 1, MaxLength = 1000 };
        Assert.That(Refusal(options), Does.Match("wide has a line that is \\d+ columns wide in DejaVu Sans; expected at most 8192"));
    }

    [Test]
    public void Text_against_the_direction_is_left_out()
    {
        TypesetLinesOptions options = Few() with { Texts = folder.In("hebrew"), MinLength = 4, TrainLines = 3, DevLines = 1, TestLines = 1 };
        Assert.That(
            Refusal(options),
            Is.EqualTo($"{folder.In("hebrew")} has 1 different lines of 4 to 40 characters that all fonts can print; "
                + "expected 5: train-lines, dev-lines and test-lines."));
        Assert.That(Refusal(options with { Direction = ReadingDirection.RightToLeft }), Does.Contain("has 4 different lines"));
    }

    [Test]
    public void Every_second_test_line_is_printed_with_a_font_of_the_test()
    {
        Dataset data = Load(Few() with { TestFontFiles = [CarriedFont.File] });
        Assert.That(data.Test.Select(line => line.Group), Has.All.EqualTo("DejaVu Sans"));
        Assert.That(Refusal(Few() with { TestFontFiles = [folder.In("text")] }), Does.Contain("cannot be read as a font"));
        Assert.That(Refusal(Few() with { TestFonts = ["No Such Font"] }), Does.Contain("'No Such Font'"));
    }

    [TestCase(20, 10, 22, 28, ReadingDirection.LeftToRight, "max-length is 10; expected at least min-length, 20")]
    [TestCase(10, 20, 28, 22, ReadingDirection.LeftToRight, "max-size is 22; expected at least min-size, 28")]
    [TestCase(10, 20, 28, 40, ReadingDirection.LeftToRight, "max-size is 40; expected at most height, 32")]
    [TestCase(10, 20, 22, 28, ReadingDirection.TopToBottom, "print is horizontal; expected the direction left-to-right or right-to-left")]
    public void Options_that_do_not_fit_together_are_refused(
        int shortest, int longest, int small, int large, ReadingDirection direction, string message)
    {
        var options = new TypesetLinesOptions
        {
            Texts = "", MinLength = shortest, MaxLength = longest, MinSize = small, MaxSize = large, Direction = direction,
        };
        Assert.That(options.Validate(new ValidationContext(options)).Select(result => result.ErrorMessage), Is.EqualTo(new[] { message }));
    }

    private static string? Refusal(TypesetLinesOptions options) => Assert.Throws<InvalidDataException>(() => Load(options))?.Message;

    private static Dataset Load(TypesetLinesOptions options) => new TypesetLinesSource(options).Load();

    private TypesetLinesOptions Few() => new() { Texts = folder.In("text"), TrainLines = 12, DevLines = 5, TestLines = 7 };

    private TypesetLinesOptions Clean() => Few() with { Slant = 0, Blur = 0, BleedThrough = 0, Noise = 0, MinInk = 1 };
}
