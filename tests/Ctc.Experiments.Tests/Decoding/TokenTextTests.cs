using Ctc.Experiments.Decoding;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Decoding;

public class TokenTextTests
{
    [TestCase("<blk> | a b", "a bb", "a- -b-b", "a:0-0 bb:2-3", Description = "letters with a space")]
    [TestCase("<blk> ▁a ▁ b ▁ab a", "ab ba", "▁ab-▁-b-a", "ab:0-0 ba:2-3", Description = "word pieces, the fewest")]
    [TestCase("<blk> ▁a ▁aa aa a ▁", "aaa", "▁aa-a", "aaa:0-1", Description = "of two spellings with two tokens that with the longer first")]
    [TestCase("<blk> ab a bc c", "abc", "ab-c", "abc:0-1", Description = "without spaces a word is spelled")]
    [TestCase("<blk> ab bcd a", "abcd", "a-bcd", "abcd:0-1", Description = "the longest first token may end nowhere")]
    [TestCase("<blk> ah k t", "k ah t", "k-ah-t", null, Description = "phones")]
    [TestCase("<blk> | a", "", "", "", Description = "no text")]
    public void A_text_is_spelled(string tokens, string text, string expected, string? words)
    {
        TokenList list = List(tokens);
        SpelledText spelled = new TokenText(list).Spell(text.Split(' ', StringSplitOptions.RemoveEmptyEntries), "x");
        string symbols = string.Join('-', spelled.Tokens.Select(token => list.Alphabet[token]));
        Assert.That(symbols, Is.EqualTo(expected.Replace('▁', ' ')));
        string? found = spelled.Words is null ? null : string.Join(' ', spelled.Words.Select(word => $"{word.Text}:{word.First}-{word.Last}"));
        Assert.That(found, Is.EqualTo(words));
    }

    [TestCase("<blk> | a b", "a éb a", "éb")]
    [TestCase("<blk> ah k", "k aa", "aa")]
    public void A_word_without_spelling_is_named(string tokens, string text, string word) =>
        Assert.That(
            () => new TokenText(List(tokens)).Spell(text.Split(' '), "x.npy"),
            Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(
                $"x.npy: no tokens spell '{word}'; expected a text of the symbols of the token list."));

    private static TokenList List(string tokens)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllLines(folder.In("tokens.txt"), tokens.Split(' '));
        return TokenList.Load(folder.In("tokens.txt"));
    }
}
