using Ctc.Experiments.Texts;

namespace Ctc.Experiments.Tests.Texts;

public class PrintableTests
{
    [TestCase("", "")]
    [TestCase("一二 ab é \u200d", "一二 ab é \u200d")]
    [TestCase("\u001b[31mred", "\\u001B[31mred")]
    [TestCase("a\u0000\u007f\u009b31m", "a\\u0000\\u007F\\u009B31m")]
    [TestCase("a\nPROBLEM b", "a\\u000APROBLEM b")]
    [TestCase("a\r\nb\tc", "a\\u000D\\u000Ab\\u0009c")]
    [TestCase("\u202Egnp.exe\u2066", "\\u202Egnp.exe\\u2066")]
    [TestCase("a\u2028b\u0085c", "a\\u2028b\\u0085c")]
    public void Control_characters_are_shown(string text, string printable) => Assert.That(Printable.Line(text), Is.EqualTo(printable));

    [TestCase("a\n\tb\r\nc", "a\n\tb\r\nc")]
    [TestCase("100 %\rforged", "100 %\\u000Dforged")]
    [TestCase("\u001b]0;TITLE\u0007\n", "\\u001B]0;TITLE\\u0007\n")]
    public void Line_breaks_and_tabs_stay_in_a_text_of_several_lines(string text, string printable)
    {
        using var written = new StringWriter();
        using var writer = new PrintableWriter(written);
        writer.Write(text);
        foreach (char letter in "\u001b") writer.Write(letter);
        writer.WriteLine("\u001b");
        Assert.That(Printable.Text(text), Is.EqualTo(printable));
        Assert.That(written.ToString(), Is.EqualTo($"{printable}\\u001B\\u001B{Environment.NewLine}"));
    }

    [Test]
    public void An_escaped_character_is_the_same_in_JSON() => Assert.That(
        System.Text.Json.JsonSerializer.Deserialize<string>($"\"{Printable.Line("\u202Ea\u009b")}\""), Is.EqualTo("\u202Ea\u009b"));
}
