using System.Xml.Linq;
using Ctc.Comparisons.Reports;
using Ctc.Comparisons.Reports.Pages;
using Ctc.Experiments.Readings;
using Ctc.Experiments.Training;

namespace Ctc.Comparisons.Tests.Reports;

/// <summary>What a report shows of the lines that were read.</summary>
public class ReportReadingsTests
{
    [Test]
    [Category("Slow")]
    public void Confusions_groups_and_worst_lines_are_those_of_the_runs()
    {
        using var sweep = new MadeUpSweep();
        sweep.Finish("plain", 1, Measured("it is", "at|is", "he"));
        sweep.Finish("plain", 2, Measured("it is", "it is", "he"));
        sweep.Finish("other", 1, Measured("it is", "atis", "he"));
        SweepReport.FromFolder(sweep.Path).Write();
        string page = sweep.Text("report.md");
        Assert.That(page, Does.Contain("""
            | variant | substituted, % | deleted, % | inserted, % |
            |---|--:|--:|--:|
            | plain | 20.00 | 0.00 | 0.00 |
            | other | 20.00 | 20.00 | 0.00 |
            """));
        Assert.That(page, Does.Contain("""
            | there → read | plain | other |
            |---|--:|--:|
            | i → a | 0.5 | 1.0 |
            | ␣ → (nothing) | 0.0 | 1.0 |
            | ␣ → \| | 0.5 | 0.0 |
            """));
        Assert.That(page, Does.Contain("| he | 20.00 | 40.00 |"), "errors of the group");
        Assert.That(page, Does.Contain("""
                plain: 2 errors
                there  it␣is
                read   at|is
                       ^ ^
            """));
    }

    [Test]
    public void Error_rates_of_characters_and_words_are_compared_where_they_are_others_than_those_of_tokens()
    {
        Assert.That(Keys([" "], ["it", " ", "is"]), Does.Contain("word_error_rate").And.Contain("character_error_rate"));
        Assert.That(Keys(["i", " ", "s"], ["i", " "]), Does.Contain("word_error_rate").And.Not.Contain("character_error_rate"));
        Assert.That(Keys(["i", "s"], ["i"]), Does.Not.Contain("word_error_rate").And.Not.Contain("character_error_rate"));

        static IEnumerable<string> Keys(string[] read, string[] there)
        {
            Measurement test = Measurement.FromUtterances([new UtteranceResult("x", there, read, 1, there.Length, 1)]);
            return Metrics.CreateFor(test, []).Select(metric => metric.Key);
        }
    }

    [Test]
    public void A_line_is_pairs_that_wrap_drawn_in_its_direction_with_the_differences_marked()
    {
        IReadOnlyList<ReadPair> pairs = ReadPair.Align([.. "as it is".Select(letter => $"{letter}")], [.. "asit iss".Select(letter => $"{letter}")]);
        XElement section = XDocument.Parse(HtmlPage.Render("x", [new ReadLine("<line> & 1", [("plain", pairs)])])).Descendants("section").Single();
        XElement line = section.Element("div")!;
        Assert.That(line.Attribute("dir")!.Value, Is.EqualTo("auto"));
        Assert.That(
            line.Elements().Select(pair => string.Join('/', pair.Elements().Select(side => side.Value))),
            Is.EqualTo(new[] { "as/as", "␣/", "it /it ", "i/i", "/s", "s/s" }).Or.EqualTo(new[] { "as/as", "␣/", "it /it ", "is/is", "/s" }));
        Assert.That(line.Elements().Where(pair => pair.Attribute("class")?.Value == "pair wrong").All(pair => pair.Element("del") is not null));
        Assert.That(section.Element("h3")!.Value, Is.EqualTo("<line> & 1"));
    }

    [Test]
    public void A_worst_line_is_shown_with_its_image_from_a_run_that_wrote_it()
    {
        using var sweep = new MadeUpSweep();
        sweep.Finish("plain", 1, Measured("it is", "it as", "he"));
        string other = sweep.Finish("other", 1, Measured("it is", "it os", "he"));
        Directory.CreateDirectory(Path.Combine(other, "worst-lines"));
        File.WriteAllBytes(Path.Combine(other, "worst-lines", "1-line.png"), WrittenLine.Png(width: 500, height: 16));
        SweepReport.FromFolder(sweep.Path).Write();
        XElement[] strips = [.. Image(sweep.Text("report.html")).Elements("img")];
        Assert.That(strips.Sum(strip => int.Parse(strip.Attribute("width")!.Value)), Is.EqualTo(1000), "scaled to a height of 32");
        Assert.That(strips, Has.Length.EqualTo(3));
    }

    [Test]
    public void The_strips_of_a_line_from_right_to_left_begin_at_the_right()
    {
        (byte[], int, int)[] strips = [([1], 10, 40), ([2], 20, 40)];
        string page = HtmlPage.Render("x", [new ReadLine("line", []) { Strips = strips, IsRightToLeft = true }]);
        XElement image = Image(page);
        Assert.That(image.Attribute("dir")!.Value, Is.EqualTo("rtl"));
        Assert.That(image.Elements().Select(strip => strip.Attribute("width")!.Value), Is.EqualTo(new[] { "20", "10" }));
    }

    private static XElement Image(string page) =>
        XDocument.Parse(page).Descendants("div").Single(element => element.Attribute("class")?.Value == "line");

    private static Measurement Measured(string there, string read, string group)
    {
        string[] reference = [.. there.Select(letter => $"{letter}")], hypothesis = [.. read.Select(letter => $"{letter}")];
        int errors = EditDistance.Between<string>(reference, hypothesis);
        return Measurement.FromUtterances([new UtteranceResult("line", reference, hypothesis, errors, reference.Length, 1) { Group = group }]);
    }
}
