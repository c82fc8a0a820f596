using Ctc.Engine.Lexica;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Lexica;

public class LexiconTests
{
    private static readonly string[] TomatoA = ["t", "a", "m"], TomatoB = ["t", "o"];

    [Test]
    public void Words_weights_and_symbols_are_read()
    {
        Lexicon lexicon = Read("tomato 0.75 t a m\n\ntomato\t0.25\tt o\none 1 2\nhalf 0.5\nspace <space> 0.5\n");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(lexicon.Find("tomato").Select(one => one.Weight), Is.EqualTo([0.75, 0.25]));
            Assert.That(lexicon.Find("tomato").Select(one => one.Symbols), Is.EqualTo([TomatoA, TomatoB]));
            Assert.That(lexicon.Find("one")[0].Symbols, Is.EqualTo(["1", "2"]), "a whole number is a symbol");
            Assert.That(lexicon.Find("half")[0].Symbols, Is.EqualTo(["0.5"]), "a symbol must follow a weight");
            Assert.That(lexicon.Find("space")[0].Symbols, Is.EqualTo([" ", "0.5"]));
            Assert.That(lexicon.Find("none"), Is.Empty);
            Assert.That(lexicon.Pronunciations, Has.Count.EqualTo(5));
        }
    }

    [Test]
    public void A_lexicon_is_made_of_pronunciations()
    {
        var lexicon = new Lexicon([new Pronunciation("tomato", ["t", "o"], 0.7), new Pronunciation("tomato", ["t", "a"], 0.3)]);
        int pronunciations = lexicon.Find("tomato").Count;
        Assert.That(pronunciations, Is.EqualTo(2));
        Assert.That(
            () => new Lexicon([new Pronunciation("a", ["b"], 2)]),
            Throws.ArgumentException.With.Message.StartsWith("pronunciations[0] has the weight 2; expected a number above 0, at most 1."));
    }

    [TestCase("a b\nc\n", "line 2: 'c' has no symbols for 'c'; expected a word, perhaps a weight, and its symbols.")]
    [TestCase("a 0.0 b\n", "line 1: 'a 0.0 b' has the weight 0; expected a number above 0, at most 1.")]
    [TestCase("a 1.5 b\n", "line 1: 'a 1.5 b' has the weight 1.5; expected a number above 0, at most 1.")]
    [TestCase("a b\n\na b\n", "line 3: 'a b' gives 'a' the same symbols again; expected each pronunciation once.")]
    [TestCase("\n", ": no word; expected a word and its symbols in each line.")]
    public void A_damaged_file_is_one_sentence_with_its_line(string text, string expected) =>
        Assert.That(() => Read(text), Throws.TypeOf<InvalidDataException>().With.Message.EndsWith(expected));

    [Test]
    public void A_file_that_is_not_there_or_no_text_is_named()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.In("bytes.txt"), [65, 32, 0xff, 10]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => Lexicon.Read(folder.In("bytes.txt")), Throws.TypeOf<InvalidDataException>().With.Message.Contains("not UTF-8"));
            Assert.That(() => Lexicon.Read(folder.In("none.txt")), Throws.TypeOf<InvalidDataException>().With.Message.Contains("none.txt"));
            Assert.That(() => Lexicon.Read(folder.In(".")), Throws.TypeOf<InvalidDataException>().With.Message.EndsWith("it is a folder; expected a file."));
        }
    }

    private static Lexicon Read(string text)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.In("lexicon.txt"), text);
        return Lexicon.Read(folder.In("lexicon.txt"));
    }
}
