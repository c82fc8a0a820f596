using System.Runtime.InteropServices;
using Ctc.Engine.Lexica;

namespace Ctc.Engine.Decoding.PrefixBeam;

/// <summary>The words that a search may read: the pronunciations of a lexicon as a tree of tokens.</summary>
/// <remarks>
/// A step is a token that continues a word, or the last token of one of its pronunciations, which ends it: V and the number of the pronunciation.
/// Words with the same symbols end by steps of their own. Where the separator is a token, it is between words; otherwise they follow one another.
/// A word that the lexicon does not have, if such words are read, is any tokens of targets that are no pronunciation: the separator ends it.
/// </remarks>
internal sealed class WordTree
{
    /// <summary>The node between words.</summary>
    public const int Root = 0;

    private const int Ended = -1; // after a word that a separator must follow
    private const int Other = -2; // within a word that begins none of the lexicon
    private const int NoToken = -1;
    private const string WordStart = "▁"; // of word pieces in a lexicon, where the tokens have the separator

    private readonly Dictionary<(int Node, int Token), int> children = [];
    private readonly List<List<int>> steps = [[]]; // by node: the steps that enter it
    private readonly List<bool> isSpelled = [true]; // by node: of tokens of targets alone
    private readonly List<bool> isWord = [true]; // by node: no word of its own, or a pronunciation
    private readonly int[] others; // the steps that may be read within a word that the lexicon does not have: a token, or −1
    private readonly List<WordReading> readings = [];
    private readonly int[] betweenWords; // the step of the separator; none if words follow one another
    private readonly int tokens;

    /// <param name="lexicon">The words; one with a symbol that is no token is left out.</param>
    /// <param name="vocabulary">The tokens, with symbols.</param>
    /// <param name="separator">The text that separates words.</param>
    /// <param name="readsOthers">Whether words are read that the lexicon does not have.</param>
    /// <exception cref="InvalidDataException">
    /// No word is left, or one begins with the separator; or others are read, and the separator is no token or within a word.
    /// </exception>
    public WordTree(Lexicon lexicon, Vocabulary vocabulary, string separator, bool readsOthers = false)
    {
        tokens = (int)vocabulary.Size;
        var numbers = new Dictionary<string, long>();
        for (long token = 0; token < tokens; token++) if (token != vocabulary.Blank) numbers.TryAdd(vocabulary.Symbol(token), token);
        bool isSeparated = numbers.ContainsKey(separator)
            && !numbers.Keys.Any(symbol => symbol.Length > separator.Length && symbol.StartsWith(separator, StringComparison.Ordinal));
        foreach (string symbol in numbers.Keys.Where(symbol => symbol.StartsWith(separator, StringComparison.Ordinal)).ToArray())
        {
            numbers.TryAdd(WordStart + symbol[separator.Length..], numbers[symbol]);
        }

        betweenWords = isSeparated ? [(int)numbers[separator]] : [];
        if (readsOthers && !isSeparated)
        {
            throw new InvalidDataException(
                $"The lexicon: unknown words are read, and the separator '{separator}' is no token of its own; expected one, which ends such words.");
        }

        bool IsOfWords(int v) => v != vocabulary.Blank && !vocabulary.Symbol(v).Contains(separator, StringComparison.Ordinal);
        others = readsOthers ? [.. Enumerable.Range(0, (int)vocabulary.TargetTokens).Select(v => IsOfWords(v) ? v : NoToken)] : [];
        var spelling = new WordSpelling(lexicon, vocabulary, numbers, separator);
        foreach (Pronunciation one in lexicon.Pronunciations.Where(one => one.Symbols.All(numbers.ContainsKey)))
        {
            if (isSeparated && one.Symbols[0] == separator)
            {
                throw new InvalidDataException($"The lexicon: '{one.Word}' begins with the separator; expected a symbol of the word.");
            }

            if (readsOthers && one.Symbols.Contains(separator))
            {
                throw new InvalidDataException(
                    $"The lexicon: unknown words are read, and '{one.Word}' has the separator within; expected words without.");
            }

            Add(one, [.. one.Symbols.Select(symbol => (int)numbers[symbol])], spelling.TargetOf(one));
        }

        if (readings.Count > 0) return;
        Pronunciation first = lexicon.Pronunciations[0];
        throw new InvalidDataException(
            $"The lexicon: the symbol '{first.Symbols.First(symbol => !numbers.ContainsKey(symbol))}' of '{first.Word}' "
            + $"is none of the {tokens} tokens, and every other word has such a symbol; expected words of the model's tokens.");
    }

    /// <summary>Gets the pronunciations that can be read.</summary>
    public IReadOnlyList<WordReading> Readings => readings;

    /// <summary>Returns the steps that read a token.</summary>
    /// <param name="node">The node of the prefix.</param>
    /// <param name="token">The token.</param>
    public ReadOnlySpan<int> Steps(int node, int token)
    {
        if (Ends(node) && betweenWords is [var separator] && token == separator) return betweenWords;
        if (children.TryGetValue((node, token), out int child)) return CollectionsMarshal.AsSpan(steps[child]);
        return IsOther(token) && (node == Other || (node != Ended && isSpelled[node])) ? others.AsSpan(token, 1) : [];
    }

    /// <summary>Returns the node after a step.</summary>
    public int Next(int node, int step)
    {
        if (step >= tokens) return betweenWords.Length > 0 ? Ended : Root;
        if (Ends(node) && betweenWords is [var separator] && step == separator) return Root;
        return children.TryGetValue((node, step), out int child) ? child : Other;
    }

    /// <summary>Returns the token that a step reads.</summary>
    public int TokenOf(int step) => step < tokens ? step : readings[step - tokens].Tokens[^1];

    /// <summary>Returns the pronunciation that a step ends.</summary>
    /// <returns>Its number; −1 if the word goes on.</returns>
    public int EndedBy(int step) => step < tokens ? -1 : step - tokens;

    /// <summary>Returns whether an utterance may end: no word is read in part, or one is read that the lexicon does not have.</summary>
    public bool Ends(int node) => node is Root or Ended || EndsOther(node);

    /// <summary>Returns whether what is read since the last separator is a word that the lexicon does not have.</summary>
    public bool EndsOther(int node) => node == Other || (others.Length > 0 && node > Root && isSpelled[node] && !isWord[node]);

    private bool IsOther(int token) => token < others.Length && others[token] != NoToken;

    private void Add(Pronunciation one, int[] read, long[] target)
    {
        int node = Root;
        for (int k = 0; k < read.Length; k++)
        {
            if (!children.TryGetValue((node, read[k]), out int child))
            {
                children.Add((node, read[k]), child = steps.Count);
                steps.Add([]);
                isSpelled.Add(isSpelled[node] && IsOther(read[k]));
                isWord.Add(false);
            }

            bool goesOn = k < read.Length - 1 || isSpelled[child];
            if (goesOn && (steps[child].Count == 0 || steps[child][0] != read[k])) steps[child].Insert(0, read[k]);
            node = child;
        }

        isWord[node] = true;
        steps[node].Add(tokens + readings.Count);
        readings.Add(new WordReading(one, read, target));
    }
}

/// <summary>A pronunciation that a search can read.</summary>
/// <param name="pronunciation">The word and its symbols.</param>
/// <param name="tokens">The tokens of the symbols.</param>
/// <param name="target">The tokens that the word is in a target.</param>
internal sealed class WordReading(Pronunciation pronunciation, int[] tokens, long[] target)
{
    public Pronunciation Pronunciation { get; } = pronunciation;

    public int[] Tokens { get; } = tokens;

    public long[] Target { get; } = target;

    /// <summary>Gets the logarithm of the weight.</summary>
    public double Score { get; } = Math.Log(pronunciation.Weight);
}
