using Ctc.Cli.Terminal;
using Ctc.Experiments.Training;

namespace Ctc.Cli.Tests;

/// <summary>References and hypotheses on a terminal.</summary>
public class ReadingTextTests
{
    [Test]
    public void Short_lines_are_side_by_side() => Assert.That(
        Written(Read("5725", "5725"), Read("5725", "5425"), Read("", "12")),
        Is.EqualTo(
            """
              there       read
              5725        5725
              5725        5425        1 error
              (nothing)   12          2 errors

            """));

    [Test]
    public void Long_lines_are_below_each_other_with_marks() => Assert.That(
        Written(Read("the quick brown fox jumps", "thequick brawn fox jumpsy"), Read("as it is written, all of it", "as it is written, all of it")),
        Is.EqualTo(
            """
              there  the␣quick brown fox jumps
              read   the quick brawn fox jumpsy
                        ^        ^            ^  3 errors
              there  as it is written, all of it

            """));

    [Test]
    public void Symbols_of_several_letters_have_spaces_between_them() => Assert.That(
        Written(30, Read(["pau", "sh", "iy", "hh", "ae", "d", "pau"], ["pau", "sh", "ih", "hh", "d", "pau"])),
        Is.EqualTo(
            """
              there  pau sh iy hh ae d pau
              read   pau sh ih hh    d pau
                            ^^    ^^
              2 errors

            """));

    [Test]
    public void An_example_shows_that_it_was_read_rightly()
    {
        using var to = new StringWriter { NewLine = "\n" };
        ReadingText.WriteBelow(to, Read("as it is", "as it is"), 80, isReadShown: true);
        Assert.That(to.ToString(), Is.EqualTo("  there  as it is\n  read   as it is\n"));
    }

    [TestCase(20)]
    [TestCase(80)]
    public void A_line_from_right_to_left_is_in_the_order_of_display_with_the_marks_under_its_symbols(int columns)
    {
        using var to = new StringWriter { NewLine = "\n" };
        ReadingText.WriteBelow(to, Read("אב 12", "גב 12"), columns);
        string[] lines = to.ToString().Split('\n');
        string marks = columns < 25 ? "             ^" : "             ^  1 error";
        Assert.That(lines[..3], Is.EqualTo(new[] { "  there  12 בא", "  read   12 בג", marks }));
    }

    [Test]
    public void Lines_from_right_to_left_beside_each_other_are_in_the_order_of_display() =>
        Assert.That(Written(Read("אב 12", "אב 12")), Does.Contain("  12 בא       12 בא"));

    [Test]
    public void A_line_that_is_wider_than_the_output_goes_on_below_with_its_marks() => Assert.That(
        Written(26, Read("the quick brown fox jumps", "thequick brawn fox jumpsy")),
        Is.EqualTo(
            """
              there  the␣quick brown f
              read   the quick brawn f
                        ^        ^
              there  ox jumps
              read   ox jumpsy
                             ^
              3 errors

            """));

    [TestCase(1)]
    [TestCase(20)]
    [TestCase(40)]
    [TestCase(200)]
    public void At_any_width_every_symbol_is_there_and_no_line_is_wider(int columns)
    {
        string text = string.Concat(Enumerable.Range(0, 60).Select(i => (char)('a' + (i % 26))));
        string read = text.Replace("k", "国", StringComparison.Ordinal);
        string[] lines = Written(columns, Read(text, read)).Split('\n');
        string Joined(string label) => string.Concat(lines.Where(line => line.StartsWith(label, StringComparison.Ordinal)).Select(line => line[9..]));
        Assert.That(Joined("  there").Replace(" ", "", StringComparison.Ordinal), Is.EqualTo(text));
        Assert.That(Joined("  read"), Is.EqualTo(read));
        Assert.That(lines.Max(TextCells.Count), Is.LessThanOrEqualTo(Math.Max(columns, 17)));
    }

    [Test]
    public void Wide_letters_take_two_columns() => Assert.That(
        Written(Read("国国国国国国国国国国国国国人", "国国国国国国国国国国国国国八")),
        Does.Contain($"\n         {new string(' ', 26)}^^  1 error\n"));

    [Test]
    public void Symbols_that_look_alike_are_told_apart_by_code_points() => Assert.That(
        Written(Read(["e\u0301"], ["\u00E9"])), Does.EndWith("1 error\n  'e\u0301' U+0065 U+0301 was read as '\u00E9' U+00E9\n"));

    [Test]
    public void Control_characters_are_shown_and_not_executed() =>
        Assert.That(Written(Read("\u001b[31m", "a")), Does.Contain("\\u001B[31m").And.Not.Contain("\u001b"));

    private static string Written(params UtteranceResult[] utterances) => Written(80, utterances);

    private static string Written(int columns, params UtteranceResult[] utterances)
    {
        using var to = new StringWriter { NewLine = "\n" };
        ReadingText.Write(to, utterances, columns);
        return to.ToString();
    }

    private static UtteranceResult Read(string there, string read) =>
        Read([.. there.EnumerateRunes().Select(rune => rune.ToString())], [.. read.EnumerateRunes().Select(rune => rune.ToString())]);

    private static UtteranceResult Read(string[] there, string[] read) =>
        new("x", there, read, EditDistance.Between<string>(there, read), there.Length, null);
}
