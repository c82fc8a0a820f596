using System.Runtime.InteropServices;
using Ctc.Engine.Lexica;

namespace Ctc.Engine.Decoding.PrefixBeam;

/// <summary>The words that a search may read: the pronunciations of a lexicon as a tree of tokens.</summary>
/// <remarks>
/// A step is a token that continues a word, or the last token of one of its pronunciations, which ends it: V and the number of the pronunciation.
/// Words with the same symbols end by steps of their own. Where the separator is a token, it is between words; otherwise they follow one another.
/// </remarks>
internal sealed class WordTree
{
    /// <summary>The node between words.</summary>
    public const int Root = 0;

    private const int Ended = -1; // after a word that a separator must follow
    private const string WordStart = "▁"; // of word pieces in a lexicon, where the tokens have the separator

    private readonly Dictionary<(int Node, int Token), int> children = [];
    private readonly List<List<int>> steps = [[]]; // by node: the steps that enter it
    private readonly List<WordReading> readings = [];
    private readonly int[] betweenWords; // the step of the separator; none if words follow one another
    private readonly int tokens;

    /// <param name="lexicon">The words; one with a symbol that is no token is left out.</param>
    /// <param name="vocabulary">The tokens, with symbols.</param>
    /// <param name="separator">The text that separates words.</param>
    /// <exception cref="InvalidDataException">No word is left, or one begins with the separator.</exception>
    public WordTree(Lexicon lexicon, Vocabulary vocabulary, string separator)
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

        var spelling = new WordSpelling(lexicon, vocabulary, numbers, separator);
        foreach (Pronunciation one in lexicon.Pronunciations.Where(one => one.Symbols.All(numbers.ContainsKey)))
        {
            if (isSeparated && one.Symbols[0] == separator)
            {
                throw new InvalidDataException($"The lexicon: '{one.Word}' begins with the separator; expected a symbol of the word.");
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
        if (node is Root or Ended && betweenWords is [var separator] && token == separator) return betweenWords;
        return children.TryGetValue((node, token), out int child) ? CollectionsMarshal.AsSpan(steps[child]) : [];
    }

    /// <summary>Returns the node after a step.</summary>
    public int Next(int node, int step)
    {
        if (step >= tokens) return betweenWords.Length > 0 ? Ended : Root;
        return node is Root or Ended && betweenWords is [var separator] && step == separator ? Root : children[(node, step)];
    }

    /// <summary>Returns the token that a step reads.</summary>
    public int TokenOf(int step) => step < tokens ? step : readings[step - tokens].Tokens[^1];

    /// <summary>Returns the pronunciation that a step ends.</summary>
    /// <returns>Its number; −1 if the word goes on.</returns>
    public int EndedBy(int step) => step < tokens ? -1 : step - tokens;

    /// <summary>Returns whether no word is read in part.</summary>
    public static bool IsBetweenWords(int node) => node is Root or Ended;

    private void Add(Pronunciation one, int[] read, long[] target)
    {
        int node = Root;
        for (int k = 0; k < read.Length; k++)
        {
            if (!children.TryGetValue((node, read[k]), out int child))
            {
                children.Add((node, read[k]), child = steps.Count);
                steps.Add([]);
            }

            if (k < read.Length - 1 && (steps[child].Count == 0 || steps[child][0] != read[k])) steps[child].Insert(0, read[k]);
            node = child;
        }

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
