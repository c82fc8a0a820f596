using System.Text;

namespace Ctc.Engine.Lexica;

/// <summary>A lexicon in the tokens of a vocabulary: from targets to the readings of their words, and back.</summary>
internal sealed class WordTokens
{
    private readonly Lexicon lexicon;
    private readonly Dictionary<string, long> tokens = [];
    private readonly long? separator;
    private readonly bool wordsAreSymbols, spellsUnknown;
    private readonly Lazy<Dictionary<string, long[]>> words;
    private readonly int longest;

    /// <param name="lexicon">The words.</param>
    /// <param name="vocabulary">Without an alphabet each word stands for its own tokens.</param>
    /// <param name="separator">The symbol between words; null if each token of a target is a word.</param>
    /// <param name="spellsUnknown">Whether a word that the lexicon does not have stands for its own symbols.</param>
    public WordTokens(Lexicon lexicon, Vocabulary vocabulary, string? separator, bool spellsUnknown)
    {
        (this.lexicon, Vocabulary, this.spellsUnknown) = (lexicon, vocabulary, spellsUnknown);
        for (long token = 0; token < vocabulary.Size; token++) if (token != vocabulary.Blank) tokens.TryAdd(vocabulary.Symbol(token), token);
        wordsAreSymbols = separator is null;
        this.separator = separator is not null && tokens.TryGetValue(separator, out long found) ? found : null;
        longest = lexicon.Pronunciations.Select(pronunciation => pronunciation.Symbols.Count).Append(1).Max();
        words = new Lazy<Dictionary<string, long[]>>(FindWords);
    }

    /// <summary>Gets the vocabulary.</summary>
    public Vocabulary Vocabulary { get; }

    /// <summary>Splits a target into words and separators.</summary>
    /// <param name="target">Its tokens.</param>
    /// <param name="name">That of the utterance, for the message of the exception.</param>
    /// <exception cref="InvalidDataException">The lexicon lacks a word, or a symbol is no token.</exception>
    public IReadOnlyList<TargetWord> Split(long[] target, string name)
    {
        var found = new List<TargetWord>();
        for (int start = 0, end; start < target.Length; start = end)
        {
            end = start + 1;
            if (target[start] == separator)
            {
                found.Add(new TargetWord(Vocabulary.Symbol(target[start]), start, 1, [new TokenReading([target[start]], 0)], isSeparator: true));
                continue;
            }

            while (!wordsAreSymbols && end < target.Length && target[end] != separator) end++;
            string word = string.Concat(target[start..end].Select(Vocabulary.Symbol));
            found.Add(new TargetWord(word, start, end - start, [.. FindReadings(word, target[start..end], name)]));
        }

        return found;
    }

    /// <summary>Returns the target that symbols spell: the words whose pronunciations they are, and symbols of no word as they are.</summary>
    /// <param name="read">Tokens without blanks, of which equal neighbours are two.</param>
    public long[] Spell(IReadOnlyList<long> read)
    {
        var spelled = new List<long>();
        for (int start = 0, end; start < read.Count; start = end)
        {
            (end, long[] word) = wordsAreSymbols ? Longest(read, start) : Between(read, start);
            spelled.AddRange(word);
        }

        return [.. spelled];
    }

    private IEnumerable<TokenReading> FindReadings(string word, long[] own, string name)
    {
        if (Vocabulary.Alphabet is null) return [new TokenReading(own, 0)];
        IReadOnlyList<Pronunciation> all = lexicon.Find(word);
        if (all.Count == 0)
        {
            if (spellsUnknown) return [new TokenReading(own, 0)];
            throw new InvalidDataException(
                $"{name}: the lexicon does not have the word '{word}'; expected all words, or the option that spells unknown ones.");
        }

        return all.Select(one => new TokenReading([.. one.Symbols.Select(symbol => Token(symbol, word))], Math.Log(one.Weight)));
    }

    private long Token(string symbol, string word) => tokens.TryGetValue(symbol, out long token)
        ? token
        : throw new InvalidDataException($"The lexicon: the symbol '{symbol}' of '{word}' is none of the {Vocabulary.Size} tokens.");

    // The word up to the next separator.
    private (int End, long[] Word) Between(IReadOnlyList<long> read, int start)
    {
        if (read[start] == separator) return (start + 1, [read[start]]);
        int end = start;
        while (end < read.Count && read[end] != separator) end++;
        long[] symbols = [.. read.Skip(start).Take(end - start)];
        return (end, words.Value.TryGetValue(Key(symbols), out long[]? word) ? word : [.. symbols.SelectMany(Vocabulary.Spelling)]);
    }

    private (int End, long[] Word) Longest(IReadOnlyList<long> read, int start)
    {
        for (int length = Math.Min(longest, read.Count - start); length > 0; length--)
        {
            if (words.Value.TryGetValue(Key(read.Skip(start).Take(length)), out long[]? word)) return (start + length, word);
        }

        return (start + 1, [.. Vocabulary.Spelling(read[start])]);
    }

    // By symbols. Among words with the same ones that with the largest weight, and then the first one, is read.
    private Dictionary<string, long[]> FindWords()
    {
        var found = new Dictionary<string, long[]>();
        foreach (Pronunciation one in lexicon.Pronunciations.OrderByDescending(one => one.Weight))
        {
            if (!one.Symbols.All(tokens.ContainsKey) || Target(one.Word) is not { } target) continue;
            found.TryAdd(Key(one.Symbols.Select(symbol => tokens[symbol])), target);
        }

        return found;
    }

    // The tokens of a word in targets: the longest symbols first. Null if it has none.
    private long[]? Target(string word)
    {
        if (wordsAreSymbols) return tokens.TryGetValue(word, out long whole) && whole < Vocabulary.TargetTokens ? [whole] : null;
        var target = new List<long>();
        for (int start = 0; start < word.Length;)
        {
            int length = word.Length - start;
            while (length > 0 && !(tokens.TryGetValue(word.Substring(start, length), out long at) && at < Vocabulary.TargetTokens)) length--;
            if (length == 0) return null;
            target.Add(tokens[word.Substring(start, length)]);
            start += length;
        }

        return [.. target];
    }

    private static string Key(IEnumerable<long> symbols) => new StringBuilder().AppendJoin(' ', symbols).ToString();
}
