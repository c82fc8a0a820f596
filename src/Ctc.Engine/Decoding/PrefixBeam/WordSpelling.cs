using Ctc.Engine.Lexica;

namespace Ctc.Engine.Decoding.PrefixBeam;

/// <summary>What the words of a lexicon are in targets.</summary>
/// <param name="lexicon">The words.</param>
/// <param name="vocabulary">The tokens.</param>
/// <param name="numbers">The tokens by their symbols.</param>
/// <param name="separator">The text that separates words.</param>
internal sealed class WordSpelling(Lexicon lexicon, Vocabulary vocabulary, IReadOnlyDictionary<string, long> numbers, string separator)
{
    /// <summary>Returns the tokens of a word that is read by a pronunciation, all of whose symbols are tokens.</summary>
    /// <returns>
    /// Those of a pronunciation that is the word, letter by letter; else the symbols that are read, if targets have them; else the word in the
    /// symbols of targets, the longest first; else nothing.
    /// </returns>
    public long[] TargetOf(Pronunciation read)
    {
        if (lexicon.Find(read.Word).FirstOrDefault(IsSpelling) is { } same) return AsRead(same);
        return read.Symbols.All(symbol => numbers[symbol] < vocabulary.TargetTokens) ? AsRead(read) : Spell(read.Word) ?? AsRead(read);
    }

    private bool IsSpelling(Pronunciation one)
    {
        string joined = string.Concat(one.Symbols);
        return (joined == one.Word || joined == separator + one.Word) && one.Symbols.All(IsOfTargets);
    }

    private bool IsOfTargets(string symbol) => numbers.TryGetValue(symbol, out long token) && token < vocabulary.TargetTokens;

    private long[] AsRead(Pronunciation one) => [.. one.Symbols.SelectMany(symbol => vocabulary.Spelling(numbers[symbol]))];

    private long[]? Spell(string word)
    {
        var target = new List<long>();
        for (int start = 0; start < word.Length;)
        {
            int length = word.Length - start;
            while (length > 0 && !IsOfTargets(word.Substring(start, length))) length--;
            if (length == 0) return null;
            target.Add(numbers[word.Substring(start, length)]);
            start += length;
        }

        return [.. target];
    }
}
