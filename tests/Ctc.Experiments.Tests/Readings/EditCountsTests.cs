using Ctc.Experiments.Data.Common;
using Ctc.Experiments.Readings;

namespace Ctc.Experiments.Tests.Readings;

public class EditCountsTests
{
    [TestCase("kitten", "sitting", 2, 0, 1)]
    [TestCase("sitting", "kitten", 2, 1, 0)]
    [TestCase("ab", "ba", 2, 0, 0, Description = "Two substitutions, and not a deletion and an insertion.")]
    [TestCase("", "abc", 0, 0, 3)]
    [TestCase("abc", "", 0, 3, 0)]
    public void Edits_are_counted_by_their_kinds(string there, string read, int substitutions, int deletions, int insertions)
    {
        EditCounts counts = EditCounts.Count(Letters(there), Letters(read));
        Assert.That(counts, Is.EqualTo(new EditCounts(there.Length, substitutions, deletions, insertions)));
        Assert.That(counts.Errors, Is.EqualTo(substitutions + deletions + insertions));
    }

    [Test]
    public void Rates_are_shares_of_the_references()
    {
        ErrorRates rates = ErrorRates.Sum([new EditCounts(6, 2, 0, 1), new EditCounts(4, 0, 1, 0)]);
        Assert.That(
            (rates.Errors, rates.Rate, rates.SubstitutionRate, rates.DeletionRate, rates.InsertionRate), Is.EqualTo((4, 0.4, 0.2, 0.1, 0.1)));
        Assert.That(ErrorRates.Sum([new EditCounts(0, 0, 0, 2)]).Rate, Is.EqualTo(2), "insertions where nothing is there");
    }

    [Test]
    public void Confusions_are_counted_the_most_frequent_first()
    {
        (IReadOnlyList<string>, IReadOnlyList<string>)[] lines =
            [(Letters("note"), Letters("nate")), (Letters("on to"), Letters("anto")), (Letters("it"), Letters("itt"))];
        Assert.That(
            Confusion.FromUtterances(lines),
            Is.EqualTo(new[] { new Confusion("o", "a", 2), new Confusion("", "t", 1), new Confusion(" ", "", 1) }));
    }

    [TestCase("e\u0301t\u00E9", 3, Description = "é is one character in both forms")]
    [TestCase("👩‍👩‍👧🇩🇪", 2)]
    [TestCase("กำ", 1)]
    [TestCase("", 0)]
    public void Characters_are_grapheme_clusters(string text, int count)
    {
        IReadOnlyList<string> characters = UnicodeText.SplitCharacters(text);
        Assert.That(characters, Has.Count.EqualTo(count));
        Assert.That(string.Concat(characters), Is.EqualTo(text));
    }

    [TestCase(" a  bc\u3000d ", new[] { "a", "bc", "d" })]
    [TestCase("国人", new[] { "国人" })]
    [TestCase("  ", new string[0])]
    public void Words_are_between_white_space(string text, string[] words) => Assert.That(WrittenText.SplitWords(text), Is.EqualTo(words));

    [TestCase(new[] { "a", " ", "b" }, "a b")]
    [TestCase(new[] { "▁th", "e", "▁cat" }, "the cat", Description = "word pieces")]
    public void Symbols_are_joined_to_text(string[] symbols, string text) =>
        Assert.That(WrittenText.FromJoined(string.Concat(symbols)), Is.EqualTo(text));

    private static string[] Letters(string text) => [.. text.Select(letter => $"{letter}")];
}
