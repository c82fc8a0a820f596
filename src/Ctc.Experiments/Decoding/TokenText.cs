using Ctc.Experiments.Texts;

namespace Ctc.Experiments.Decoding;

/// <summary>Texts as the tokens of another program.</summary>
/// <remarks>
/// Where a token is a space or begins with one, a text is spelled with a space between its words, and before the first if tokens begin with one, as
/// word pieces do. Otherwise each word is a token, such as a phone, or is spelled. Of several spellings the one with the fewest tokens is taken, and
/// among those the one whose first tokens are the longest; a model of word pieces may have learned another.
/// </remarks>
public sealed class TokenText
{
    private const string Space = " ";

    private readonly Alphabet alphabet;
    private readonly Dictionary<string, long> tokens;
    private readonly int longest;
    private readonly bool isSpaced, beginsWithSpace;

    /// <param name="tokens">The tokens.</param>
    public TokenText(TokenList tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        alphabet = tokens.Alphabet;
        this.tokens = alphabet.Symbols.ToDictionary(symbol => symbol, alphabet.Token);
        longest = alphabet.Symbols.Select(symbol => symbol.Length).Append(0).Max();
        isSpaced = alphabet.Symbols.Any(symbol => symbol.StartsWith(Space, StringComparison.Ordinal));
        beginsWithSpace = alphabet.Symbols.Any(symbol => symbol.Length > 1 && symbol.StartsWith(Space, StringComparison.Ordinal));
    }

    /// <summary>Spells a text.</summary>
    /// <param name="words">Its words.</param>
    /// <param name="name">The recording, for messages.</param>
    /// <exception cref="InvalidDataException">No tokens spell a word.</exception>
    internal SpelledText Spell(IReadOnlyList<string> words, string name)
    {
        if (!isSpaced) return InFields(words, name);
        string text = (beginsWithSpace && words.Count > 0 ? Space : "") + string.Join(Space, words);
        long[] spelled = TrySpell(text) ?? throw Refuse(words.FirstOrDefault(word => TrySpell(word) is null) ?? text, name);
        return new SpelledText(spelled, SpacedWords.Find(spelled.Select(token => alphabet[token])));
    }

    // Words are known if one is spelled with several tokens; otherwise each field is a token.
    private SpelledText InFields(IReadOnlyList<string> fields, string name)
    {
        var spelled = new List<long>();
        var words = new List<SymbolWord>();
        foreach (string field in fields)
        {
            int first = spelled.Count;
            spelled.AddRange(TrySpell(field) ?? throw Refuse(field, name));
            words.Add(new SymbolWord(field, first, spelled.Count - 1));
        }

        return new SpelledText([.. spelled], words.Any(word => word.Last > word.First) ? words : null);
    }

    private long[]? TrySpell(string text)
    {
        var fewest = new int[text.Length + 1]; // of tokens from a place to the end
        var length = new int[text.Length]; // of the first of these
        Dictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> known = tokens.GetAlternateLookup<ReadOnlySpan<char>>();
        for (int i = text.Length - 1; i >= 0; i--)
        {
            fewest[i] = int.MaxValue;
            for (int n = Math.Min(longest, text.Length - i); n > 0; n--)
            {
                if (fewest[i + n] >= fewest[i] - 1 || !known.ContainsKey(text.AsSpan(i, n))) continue;
                (fewest[i], length[i]) = (fewest[i + n] + 1, n);
            }
        }

        if (fewest[0] == int.MaxValue) return null;
        var spelled = new List<long>();
        for (int i = 0; i < text.Length; i += length[i]) spelled.Add(tokens[text.Substring(i, length[i])]);
        return [.. spelled];
    }

    private static InvalidDataException Refuse(string word, string name) =>
        new($"{name}: no tokens spell '{Printable.Line(word)}'; expected a text of the symbols of the token list.");
}

/// <summary>A text as tokens.</summary>
/// <param name="Tokens">[U] tokens.</param>
/// <param name="Words">Its words; null if each token is one.</param>
internal sealed record SpelledText(long[] Tokens, IReadOnlyList<SymbolWord>? Words);
