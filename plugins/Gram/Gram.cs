using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Ctc;

namespace Gram;

/// <summary>Options of <c>gram</c>.</summary>
public sealed record GramOptions
{
    /// <summary>Gets the number of symbols of the longest gram that is counted in the training set.</summary>
    /// <value>1 to 8; the default is 2. 1 is plain CTC.</value>
    [Range(1, 8)]
    public int Max { get; init; } = 2;

    /// <summary>Gets how often a gram must occur in the training set to become a token.</summary>
    /// <value>1 or more; the default is 50.</value>
    [Range(1, int.MaxValue)]
    public int MinimumCount { get; init; } = 50;

    /// <summary>Gets a file of grams, one in a line, which is used in place of the counts.</summary>
    /// <value>UTF-8; each line the symbols of a gram, without spaces. By default none.</value>
    [DataFile]
    public string? Inventory { get; init; }
}

/// <summary>CTC in which a token spells one symbol of the target or several: the grams are tokens of their own.</summary>
[Part(
    "gram",
    typeof(GramOptions),
    Summary = "Tokens of one symbol or several: every way to cut the target into grams is a path.",
    Formula = "L = −ln Σ_π Π_t p_t(π_t), over the paths that spell the target by grams",
    Paper = "Liu et al., Gram-CTC: Automatic Unit Selection and Target Decomposition for Sequence Labelling, ICML 2017, arXiv 1703.00096",
    Neutral = "max: 1")]
internal sealed class Gram(GramOptions options) : ITopology
{
    public IReadOnlyList<AddedToken> AddTokens(Vocabulary vocabulary, IReadOnlyList<long[]> targets) =>
        [.. Inventory(vocabulary, targets).Select(gram => new AddedToken(string.Concat(gram.Select(vocabulary.Symbol)), gram))];

    // State (i, j) is after i symbols of the target: for j = 1…τ the last gram has j symbols, and the last state of i, j = 0, reads the blank.
    public Lattices Build(Batch batch)
    {
        long blank = batch.Blank ?? throw new ArgumentException("The topology gram needs a blank, and the batch has none.", nameof(batch));
        Dictionary<string, long> grams = Enumerable.Range(0, (int)batch.Tokens).Select(token => (long)token).Where(token => token != blank)
            .ToDictionary(token => Key([.. batch.Vocabulary.Spelling(token)]));
        int longest = batch.Vocabulary.Added.Select(token => token.Spelling.Count).Append(1).Max(), width = longest + 1;
        int Prefix(int s) => s / width;
        int Length(int s) => (s + 1) % width;

        long Read(long[] target, int s)
        {
            int i = Prefix(s), j = Length(s);
            return j > 0 && j <= i && grams.TryGetValue(Key(target[(i - j)..i]), out long gram) ? gram : blank; // the blank in place of no gram
        }

        bool Exists(long[] labels, int s) => Length(s) == 0 || labels[s] != blank;
        bool Arc(long[] labels, int s, int back) =>
            Exists(labels, s) && (back == 0 || (Prefix(s - back) == Prefix(s) - Length(s) && labels[s - back] != labels[s]));

        Lattice lattice = Lattice.CreateBanded(
            [.. batch.Targets.Select(target => Enumerable.Range(0, (target.Length + 1) * width).Select(s => Read(target, s)).ToArray())],
            Steps(longest),
            arc: (labels, s, back) => Allowed(Arc(labels, s, back)),
            initial: (labels, s) => Allowed(Exists(labels, s) && Prefix(s) == Length(s)),
            final: (labels, s) => Allowed(Exists(labels, s) && s >= labels.Length - width),
            empty: labels => Allowed(labels.Length == width),
            position: (_, s) => Length(s) > 0 && Length(s) <= Prefix(s) ? Prefix(s) - Length(s) : -1);
        return new Lattices(lattice);
    }

    // The steps to the state before and to those of the prefix before the gram, for grams of 1, 2, … symbols.
    private static int[] Steps(int longest) =>
        [0, .. Enumerable.Range(0, longest).SelectMany(_ => Enumerable.Range(1, longest + 1), (j, step) => (j * (longest + 2)) + step)];

    private IEnumerable<long[]> Inventory(Vocabulary vocabulary, IReadOnlyList<long[]> targets) => options.Inventory is { } file
        ? File.ReadLines(file).Select((line, row) => Parse(line, $"{file}, line {row + 1}", vocabulary))
            .Where(gram => gram.Length > 1).DistinctBy(Key)
        : Enumerable.Range(2, options.Max - 1)
            .SelectMany(_ => targets, (length, target) => (length, target))
            .SelectMany(one => Enumerable.Range(0, Math.Max(0, one.target.Length - one.length + 1)), (one, u) => one.target[u..(u + one.length)])
            .GroupBy(Key).Where(gram => gram.Count() >= options.MinimumCount).Select(gram => gram.First());

    private static long[] Parse(string line, string place, Vocabulary vocabulary)
    {
        Alphabet alphabet = vocabulary.Alphabet ?? throw new InvalidDataException($"{place}: the data set has no symbols; expected an alphabet.");
        var elements = StringInfo.GetTextElementEnumerator(line);
        var gram = new List<long>();
        while (elements.MoveNext())
        {
            string symbol = elements.GetTextElement();
            gram.Add(alphabet.Symbols.Contains(symbol)
                ? alphabet.Token(symbol)
                : throw new InvalidDataException($"{place}: '{symbol}' is no symbol of the data set; expected its symbols only."));
        }

        return [.. gram];
    }

    private static string Key(IReadOnlyList<long> gram) => string.Join(' ', gram);

    private static double Allowed(bool allowed) => allowed ? 0 : double.NegativeInfinity;
}
