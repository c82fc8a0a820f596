using Ctc.Experiments.Readings;
using Ctc.Experiments.Training;

namespace Ctc.Experiments.Tests.Training;

/// <summary>The order of what is there and what was read, in text from right to left.</summary>
public class UtteranceResultTests
{
    // The Hebrew letters alef, bet, gimel and dalet, and a number, which is written from left to right.
    private const string Logical = "אב 12", Displayed = "12 בא";

    [Test]
    public void Symbols_in_the_order_of_reading_are_put_in_that_of_display()
    {
        UtteranceResult line = Read(Logical, "גב 12", Logical, "גב 12");
        Assert.That(There(line.AlignAsDisplayed()), Is.EqualTo(Displayed));
        Assert.That(There(line.AlignAsRead()), Is.EqualTo(Logical));
        Assert.That(line.AlignAsDisplayed()[^1], Is.EqualTo(new ReadPair("א", "ג")));
    }

    [Test]
    public void Symbols_in_the_order_of_display_are_put_in_that_of_reading()
    {
        UtteranceResult line = Read(Displayed, "12 בג", Logical, "גב 12");
        Assert.That(There(line.AlignAsDisplayed()), Is.EqualTo(Displayed));
        Assert.That(There(line.AlignAsRead()), Is.EqualTo(Logical));
        Assert.That(line.AlignAsRead()[0], Is.EqualTo(new ReadPair("א", "ג")));
    }

    [Test]
    public void A_hypothesis_without_letters_stays_as_it_is()
    {
        UtteranceResult line = Read(Displayed, "12", Logical, "12");
        Assert.That(string.Concat(line.AlignAsRead().Select(pair => pair.Hypothesis)), Is.EqualTo("12"));
    }

    [Test]
    public void Spaces_between_symbols_of_the_text_change_no_order()
    {
        var line = new UtteranceResult("x", ["אב", "גד"], ["אב"], 1, 2, null) { ReferenceText = "אב גד", HypothesisText = "אב" };
        Assert.That(line.AlignAsRead()[0], Is.EqualTo(new ReadPair("אב", "אב")));
        Assert.That(line.AlignAsDisplayed()[^1], Is.EqualTo(new ReadPair("אב", "אב")));
    }

    [Test]
    public void Word_pieces_stay_symbols() =>
        Assert.That(Read("▁ab", "▁ab", "ab", "ab").AlignAsRead()[0], Is.EqualTo(new ReadPair("▁", "▁")));

    [TestCase("abc", 0, ExpectedResult = @"line\u000A1: 'abc' read rightly")]
    [TestCase("abd", 1, ExpectedResult = @"line\u000A1: 'abc' read as 'abd', 1 error")]
    [TestCase("", 3, ExpectedResult = @"line\u000A1: 'abc' read as '', 3 errors")]
    public string A_reading_is_one_sentence(string read, int errors) =>
        new UtteranceResult("line\n1", ["a", "b", "c"], [read], errors, 3, null).Describe();

    private static string There(IReadOnlyList<ReadPair> pairs) => string.Concat(pairs.Select(pair => pair.Reference));

    private static UtteranceResult Read(string there, string read, string thereText, string readText) =>
        new("x", Split(there), Split(read), 1, there.Length, null) { ReferenceText = thereText, HypothesisText = readText };

    private static string[] Split(string text) => [.. text.Select(letter => $"{letter}")];
}
