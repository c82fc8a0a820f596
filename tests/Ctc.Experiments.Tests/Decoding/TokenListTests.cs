using Ctc.Experiments.Decoding;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Decoding;

public class TokenListTests
{
    private TemporaryFolder folder = new();

    [SetUp]
    public void Empty() => folder = new TemporaryFolder();

    [TearDown]
    public void Delete() => folder.Dispose();

    [TestCase("<blk>\na\n<space>\nb\n", 0, "a b")] // a token a line
    [TestCase("<blk> 0\na 1\n<space> 2\nb 3\n", 0, "a b")] // k2, ESPnet
    [TestCase("b 3\n<blk> 0\n<space> 2\na 1\n", 0, "a b")] // in any order
    [TestCase("a\n|\nb\n<blank>\n", 3, "a b")] // the blank last
    [TestCase("{\"a\": 0, \"|\": 1,\n \"b\": 3, \"[PAD]\": 2}", 2, "a b")] // Hugging Face
    [TestCase("-\na\n \nb\n", 0, "a b")] // by default number 0
    [TestCase("<blk>\n▁a\n▁b\n", 0, " a b")] // word pieces
    public void Three_forms_are_read(string text, int blank, string symbols)
    {
        TokenList tokens = Load(text);
        Assert.That((tokens.Blank, string.Concat(tokens.Alphabet.Symbols)), Is.EqualTo((blank, symbols)));
        Assert.That(tokens.Count, Is.EqualTo(tokens.Alphabet.Symbols.Count + 1));
    }

    [TestCase("b", 2)]
    [TestCase("1", 1)]
    public void The_blank_is_given_by_token_or_number(string blank, int number) => Assert.That(Load("-\na\nb\n", blank).Blank, Is.EqualTo(number));

    [TestCase("", null, " has no tokens; expected one a line.")]
    [TestCase("a\na\nb\n", "b", ": The symbol 'a' occurs twice; expected distinct symbols. (Parameter 'symbols')")]
    [TestCase("a 0\nb 2\n", null, " gives 'b' the number 2; expected the numbers from 0 to 1, each once.")]
    [TestCase("a 0\nb 0\n", null, " gives 'b' the number 0; expected the numbers from 0 to 1, each once.")]
    [TestCase("a 0\na 1\n", null, " holds 'a' twice; expected it once.")]
    [TestCase("a\nb\n", "c", " has no token 'c' for the blank; expected one, or its number.")]
    [TestCase("a\nb\n", "2", " has no token '2' for the blank; expected one, or its number.")]
    public void Another_content_is_refused(string text, string? blank, string message) =>
        Assert.That(() => Load(text, blank), Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(folder.In("tokens") + message));

    [Test]
    public void A_damaged_object_is_refused() => Assert.That(
        () => Load("{\"a\": x}"), Throws.TypeOf<InvalidDataException>().With.Message.Contains("is no JSON object from token to number ("));

    private TokenList Load(string text, string? blank = null)
    {
        File.WriteAllText(folder.In("tokens"), text);
        return TokenList.Load(folder.In("tokens"), blank);
    }
}
