using System.Globalization;
using System.Text.RegularExpressions;
using Ctc.Experiments.TimedTexts;

namespace Ctc.Experiments.Tests.TimedTexts;

/// <summary>Each form is read back by its grammar.</summary>
public partial class TimedTextFormTests
{
    private static readonly TimedText Spoken = new(
        "to be",
        4.5,
        [new("t", 0.125, 0.25, 0.5), new("o", 0.25, 0.5, 0.75), new("<space>", 0.5, 0.625), new("\"b\"", 0.625, 0.625), new("é", 1.5, 3661.25)],
        [new("to", 0.125, 0.5, 0.625), new("\"b\"é", 0.625, 3661.25)]);

    [Test]
    public void A_TextGrid_has_tiers_that_fill_the_recording()
    {
        (string Name, (double Start, double End, string Text)[] Intervals)[] tiers = ReadTextGrid(Format("textgrid"));
        Assert.That(tiers.Select(tier => tier.Name), Is.EqualTo(new[] { "words", "tokens" }));
        Assert.That(
            tiers[0].Intervals,
            Is.EqualTo(new[] { (0, 0.125, ""), (0.125, 0.5, "to"), (0.5, 0.625, ""), (0.625, 3661.25, "\"b\"é") }));
        Assert.That(
            tiers[1].Intervals,
            Is.EqualTo(new[]
            {
                (0, 0.125, ""), (0.125, 0.25, "t"), (0.25, 0.5, "o"), (0.5, 0.625, "<space> \"b\""), (0.625, 1.5, ""), (1.5, 3661.25, "é"),
            }));
    }

    [TestCase(new double[] { }, 2.0, "|0-2")]
    [TestCase(new[] { 0.0, 2 }, 2.0, "0|0-2")]
    [TestCase(new[] { 0.0, 0, 0, 1 }, 2.0, "0 1|0-1 |1-2", Description = "a label without duration goes to the next")]
    [TestCase(new[] { 0.0, 1, 1, 1, 1, 2 }, 2.0, "0 1|0-1 2|1-2")]
    [TestCase(new[] { 0.0, 1.5, 1, 2 }, 2.0, "0|0-1.5 1|1.5-2", Description = "the second begins where the first ends")]
    public void Gaps_are_filled_and_no_interval_is_empty(double[] edges, double end, string expected)
    {
        IEnumerable<TimedInterval> given = edges.Chunk(2).Select((edge, i) => new TimedInterval($"{i}", edge[0], edge[1]));
        string filled = string.Join(' ', TextGrid.Fill(given, end).Select(one => FormattableString.Invariant($"{one.Text}|{one.Start}-{one.End}")));
        Assert.That(filled, Is.EqualTo(expected));
    }

    [Test]
    public void CTM_has_a_line_for_each_part_with_its_confidence_if_it_is_known() =>
        Assert.That(
            (Format("ctm"), Format("ctm", TimedTextUnit.Token).Split('\n')[2]),
            Is.EqualTo(("to_be 1 0.125 0.375 to 0.6250\nto_be 1 0.625 3660.625 \"b\"é\n", "to_be 1 0.500 0.125 <space>")));

    [Test]
    public void Subtitles_have_numbers_and_times()
    {
        string[] entries = Format("srt").Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.That(
            entries, Is.EqualTo(new[] { "1\n00:00:00,125 --> 00:00:00,500\nto", "2\n00:00:00,625 --> 01:01:01,250\n\"b\"é" }));
        Assert.That(entries, Has.All.Matches(SubRipEntry().ToString()));
        var arrow = new TimedText("x", 1, [new("-->", 0, 1)], null);
        Assert.That(Form("srt").Format(arrow, null), Does.EndWith("\n->\n\n"));
    }

    [Test]
    public void Labels_of_Audacity_have_three_fields() =>
        Assert.That(
            Format("audacity").TrimEnd('\n').Split('\n').Select(line => line.Split('\t')),
            Is.EqualTo(new[] { new[] { "0.125000", "0.500000", "to" }, ["0.625000", "3661.250000", "\"b\"é"] }));

    [Test]
    public void Lines_end_before_a_pause_and_before_they_are_long()
    {
        TimedInterval[] words = [.. Enumerable.Range(0, 12).Select(i => new TimedInterval("word", i, i + (i == 2 ? 0.25 : 0.75)))];
        TimedInterval[] lines = [.. new TimedText("x", 12, [], words).Of(TimedTextUnit.Line)];
        Assert.That(
            lines.Select(line => (line.Start, line.End, line.Text.Length)), Is.EqualTo(new[] { (0, 2.25, 14), (3, 10.75, 39), (11, 11.75, 4) }));
    }

    [Test]
    public void Words_that_are_not_known_are_refused()
    {
        var text = new TimedText("x", 1, [new("a", 0, 1)], null);
        Assert.That(text.Of(null), Is.SameAs(text.Tokens));
        foreach (TimedTextUnit unit in (TimedTextUnit[])[TimedTextUnit.Word, TimedTextUnit.Line])
        {
            Assert.That(
                () => text.Of(unit),
                Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(
                    "x has no known words; expected tokens with spaces between words, or the unit token."));
        }
    }

    private static TimedTextForm Form(string name) => TimedTextForm.All.Single(form => form.Name == name);

    private static string Format(string name, TimedTextUnit? unit = null) => Form(name).Format(Spoken, unit);

    // By the grammar of the text form: what is not a number or a string in quotes is a comment.
    private static (string, (double, double, string)[])[] ReadTextGrid(string page)
    {
        var values = new Queue<string>(TextGridValue().Matches(Regex.Replace(page, @"\[\d*\]", "")).Select(match => match.Value));
        Assert.That((Text(), Text(), Number()), Is.EqualTo(("ooTextFile", "TextGrid", 0.0)));
        double end = Number();
        var tiers = new (string, (double, double, string)[])[(int)Number()];
        for (int i = 0; i < tiers.Length; i++)
        {
            Assert.That(Text(), Is.EqualTo("IntervalTier"));
            string name = Text();
            Assert.That((Number(), Number()), Is.EqualTo((0, end)));
            var intervals = new (double Start, double End, string)[(int)Number()];
            for (int j = 0; j < intervals.Length; j++)
            {
                intervals[j] = (Number(), Number(), Text());
                Assert.That(intervals[j].Start, Is.EqualTo(j == 0 ? 0 : intervals[j - 1].End).And.LessThan(intervals[j].End));
            }

            Assert.That(intervals[^1].End, Is.EqualTo(end));
            tiers[i] = (name, intervals);
        }

        Assert.That(values, Is.Empty);
        return tiers;

        double Number() => double.Parse(values.Dequeue(), CultureInfo.InvariantCulture);

        string Text() => values.Dequeue()[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal);
    }

    [GeneratedRegex("\"(?:[^\"]|\"\")*\"|(?<=[ \n])-?[0-9.]+(?=[ \n])")]
    private static partial Regex TextGridValue();

    [GeneratedRegex(@"^\d+\n\d\d:\d\d:\d\d,\d{3} --> \d\d:\d\d:\d\d,\d{3}\n[^\n]+$")]
    private static partial Regex SubRipEntry();
}
