using System.Collections.Concurrent;

namespace Ctc.Engine.Decoding.PrefixBeam;

/// <summary>The scores of prefixes beside the model's output: language model, insertion bonus, hot words. For several threads.</summary>
internal sealed class Fusion
{
    private const int LargestRow = 512, MostRows = 20_000;

    private readonly PrefixBeamOptions options;
    private readonly ILanguageModel? model; // null if it is not read
    private readonly bool ofWords;
    private readonly int[][] units; // of a model of tokens: the units that a token spells
    private readonly string[] texts;
    private readonly bool[] endsWord, isOneBorder; // contains the separator; at its start and nowhere else
    private readonly HotWordMatcher? hot;
    private readonly string hotBorder = "";
    private readonly int hotStart;
    private readonly ConcurrentDictionary<int, double[]>? rows; // gains of each token, by state of the model; NaN until computed

    /// <param name="vocabulary">The tokens.</param>
    /// <param name="options">Weights and hot words.</param>
    /// <param name="model">The language model; null for none.</param>
    /// <exception cref="ArgumentException">Words are asked for, and the tokens have no symbols.</exception>
    public Fusion(Vocabulary vocabulary, PrefixBeamOptions options, ILanguageModel? model)
    {
        (Vocabulary, Model, this.options) = (vocabulary, model, options);
        ofWords = model?.Unit == LanguageUnit.Word;
        this.model = options.LanguageWeight > 0 ? model : null;
        if (vocabulary.Alphabet is null && (ofWords || options.HotWords.Count > 0))
        {
            throw new ArgumentException(
                $"{(ofWords ? "A language model of words is" : "Hot words are")} given for tokens without symbols; expected an alphabet.",
                nameof(vocabulary));
        }

        long[][] spellings = [.. Enumerable.Range(0, (int)vocabulary.Size).Select(token => vocabulary.Spelling(token).ToArray())];
        bool readsUnits = this.model is not null && !ofWords;
        units = readsUnits
            ? [.. spellings.Select(spelled => spelled.Select(token => this.model!.IndexOf(vocabulary.Symbol(token))).ToArray())]
            : [.. spellings.Select(spelled => new int[spelled.Length])];
        texts = [.. spellings.Select(spelled => string.Concat(spelled.Select(vocabulary.Symbol)))];
        endsWord = [.. texts.Select(text => text.Contains(options.Separator, StringComparison.Ordinal))];
        isOneBorder = [.. texts.Select(text => text.LastIndexOf(options.Separator, StringComparison.Ordinal) == 0)];
        if (options.HotWords.Any(word => word.Length > 0) && options.HotWordBonus > 0)
        {
            if (endsWord.Contains(true)) hotBorder = options.Separator;
            IEnumerable<string> words = options.HotWords.Where(word => word.Length > 0);
            hot = new HotWordMatcher(words.Select(word => word.Replace(" ", options.Separator, StringComparison.Ordinal)), hotBorder);
            hotStart = Read(0, hotBorder, out _);
        }

        if (readsUnits && vocabulary.Size <= LargestRow) rows = new();
        int longest = texts.Max(text => text.Length);
        int mostUnits = ofWords ? Math.Max(1, longest) : Math.Max(1, units.Max(spelled => spelled.Length));
        MostGain = (Math.Max(options.InsertionBonus, 0) * mostUnits)
            + (hot is null ? 0 : options.HotWordBonus * (1 + (longest * (double)hot.MostEndings)));
        IsNothing = this.model is null && options.InsertionBonus == 0 && hot is null;
    }

    /// <summary>Gets the tokens that were given.</summary>
    public Vocabulary Vocabulary { get; }

    /// <summary>Gets the language model that was given.</summary>
    public ILanguageModel? Model { get; }

    /// <summary>Gets whether all scores are 0.</summary>
    public bool IsNothing { get; }

    /// <summary>Gets the most that a token can add to the score of a prefix.</summary>
    public double MostGain { get; }

    /// <summary>Sets the scores of the empty prefix.</summary>
    public void Begin(ref Prefix root)
    {
        (root.Language, root.Hot, root.Fused) = (model?.Start ?? 0, hotStart, 0);
        root.Gains = Row(root.Language);
    }

    /// <summary>Returns what a token adds to the score of a prefix.</summary>
    public double Gain(PrefixTree tree, int prefix, int token)
    {
        if (IsNothing) return 0;
        double gain = hot is null ? 0 : HotGain(tree[prefix].Hot, token, out _);
        return gain + LanguageGain(tree, prefix, token);
    }

    /// <summary>Sets the scores of a prefix that is its parent and a token.</summary>
    public void Enter(PrefixTree tree, int prefix)
    {
        if (IsNothing) return;
        (int parent, int token) = (tree[prefix].Parent, tree[prefix].Token);
        int state = tree[parent].Language, hotState = 0;
        double gain = hot is null ? 0 : HotGain(tree[parent].Hot, token, out hotState);
        gain += ofWords ? WordsGain(tree, parent, token, ref state) : UnitsGain(token, ref state);
        ref Prefix entered = ref tree[prefix];
        (entered.Fused, entered.Hot, entered.Language) = (tree[parent].Fused + gain, hotState, state);
        entered.Gains = Row(state);
    }

    /// <summary>Returns what the end of the sentence adds to a prefix: the last word, the end itself, less unfinished hot words.</summary>
    public double End(PrefixTree tree, int prefix)
    {
        if (IsNothing) return 0;
        double gain = 0;
        int state = tree[prefix].Language;
        if (ofWords) gain += WordGain(WordBefore(tree, prefix), ref state);
        if (model is not null) gain += options.LanguageWeight * model.LogProbabilityOfEnd(state);
        if (hot is null) return gain;
        Read(tree[prefix].Hot, hotBorder, out int found);
        return gain + (options.HotWordBonus * (found - hot.Share(tree[prefix].Hot)));
    }

    /// <summary>Returns the score of a whole sequence of tokens, with its end.</summary>
    public double Score(ReadOnlySpan<long> tokens)
    {
        var tree = new PrefixTree();
        Begin(ref tree[PrefixTree.Root]);
        int prefix = PrefixTree.Root;
        foreach (long token in tokens) Enter(tree, prefix = tree.Add(prefix, (int)token));
        return tree[prefix].Fused + End(tree, prefix);
    }

    private double LanguageGain(PrefixTree tree, int prefix, int token)
    {
        int state = tree[prefix].Language;
        if (tree[prefix].Gains is { } row)
        {
            double known = Volatile.Read(ref row[token]);
            if (double.IsNaN(known)) Volatile.Write(ref row[token], known = UnitsGain(token, ref state));
            return known;
        }

        if (!ofWords) return UnitsGain(token, ref state);
        if (!endsWord[token]) return 0;
        if (!isOneBorder[token]) return WordsGain(tree, prefix, token, ref state);
        ref double gain = ref tree[prefix].WordGain; // any token that begins with the separator ends the same word
        if (double.IsNaN(gain)) gain = WordGain(WordBefore(tree, prefix), ref state);
        return gain;
    }

    private double[]? Row(int state)
    {
        if (rows is null) return null;
        if (rows.TryGetValue(state, out double[]? row)) return row;
        if (rows.Count >= MostRows) return null;
        row = new double[units.Length];
        Array.Fill(row, double.NaN);
        return rows.GetOrAdd(state, row);
    }

    private double UnitsGain(int token, ref int state)
    {
        double gain = options.InsertionBonus * units[token].Length;
        if (model is null) return gain;
        foreach (int unit in units[token]) gain += UnitGain(unit, ref state);
        return gain;
    }

    private double UnitGain(int unit, ref int state)
    {
        double logProb = model!.LogProbability(state, unit, out state);
        if (unit >= 0) return options.LanguageWeight * logProb;
        return (logProb == double.NegativeInfinity ? 0 : options.LanguageWeight * logProb) + options.UnknownPenalty;
    }

    // The words that a token ends: the one before it, and those within it.
    private double WordsGain(PrefixTree tree, int prefix, int token, ref int state)
    {
        if (!endsWord[token]) return 0;
        string[] words = (WordBefore(tree, prefix) + texts[token]).Split(options.Separator);
        double gain = 0;
        foreach (string word in words[..^1]) gain += WordGain(word, ref state);
        return gain;
    }

    // Separators at the ends or beside each other make no empty words.
    private double WordGain(string word, ref int state)
    {
        if (word.Length == 0) return 0;
        return options.InsertionBonus + (model is null ? 0 : UnitGain(model.IndexOf(word), ref state));
    }

    private string WordBefore(PrefixTree tree, int prefix)
    {
        var pieces = new Stack<string>();
        for (int at = prefix; at != PrefixTree.Root; at = tree[at].Parent)
        {
            string text = texts[tree[at].Token];
            if (!endsWord[tree[at].Token])
            {
                pieces.Push(text);
                continue;
            }

            pieces.Push(text[(text.LastIndexOf(options.Separator, StringComparison.Ordinal) + options.Separator.Length)..]);
            break;
        }

        return string.Concat(pieces);
    }

    private double HotGain(int before, int token, out int after)
    {
        after = Read(before, texts[token], out int found);
        return options.HotWordBonus * (found + hot!.Share(after) - hot.Share(before));
    }

    private int Read(int state, string text, out int found)
    {
        found = 0;
        foreach (char letter in text) state = hot!.Next(state, letter, ref found);
        return state;
    }
}
