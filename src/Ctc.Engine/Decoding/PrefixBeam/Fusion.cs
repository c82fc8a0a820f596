using System.Collections.Concurrent;
using Ctc.Engine.Lexica;

namespace Ctc.Engine.Decoding.PrefixBeam;

/// <summary>The scores of prefixes beside the model's output: language model, insertion bonus, hot words. For several threads.</summary>
internal sealed class Fusion
{
    private const int LargestRow = 512, MostRows = 20_000;

    private readonly FusionOptions options;
    private readonly LanguageScore? model; // null if it is not read
    private readonly bool ofWords;
    private readonly int[][] units; // of a model of tokens: the units that a token spells
    private readonly string[] texts;
    private readonly bool[] endsWord, isOneBorder; // contains the separator; at its start and nowhere else
    private readonly HotWordMatcher? hot;
    private readonly string hotBorder = "";
    private readonly int hotStart;
    private readonly ConcurrentDictionary<int, double[]>? rows; // gains of each token, by state of the model; NaN until computed
    private readonly double unitBonus; // what a unit adds that is read without a lexicon of words
    private readonly int[] wordUnits = []; // of a model of words: the unit of each pronunciation
    private readonly double unknownWord; // what a word adds that the lexicon does not have

    /// <param name="vocabulary">The tokens.</param>
    /// <param name="options">Weights and hot words.</param>
    /// <param name="model">The language model; null for none.</param>
    /// <param name="lexicon">The only words that are read; null for any.</param>
    /// <param name="unknownWord">What each other word adds; null if none is read.</param>
    /// <exception cref="ArgumentException">Words are asked for, and the tokens have no symbols.</exception>
    /// <exception cref="InvalidDataException">No word of the lexicon can be read, or no others where they are asked for.</exception>
    public Fusion(Vocabulary vocabulary, FusionOptions options, ILanguageModel? model, Lexicon? lexicon = null, double? unknownWord = null)
    {
        (Vocabulary, Model, this.options) = (vocabulary, model, options);
        ofWords = model?.Unit == LanguageUnit.Word;
        this.model = options.LanguageWeight > 0 && model is not null ? new LanguageScore(options, model) : null;
        if (vocabulary.Alphabet is null && (ofWords || options.HotWords.Count > 0 || lexicon is not null))
        {
            string given = lexicon is not null ? "A lexicon is" : ofWords ? "A language model of words is" : "Hot words are";
            throw new ArgumentException($"{given} given for tokens without symbols; expected an alphabet.", nameof(vocabulary));
        }

        Words = lexicon is null ? null : new WordTree(lexicon, vocabulary, options.Separator, readsOthers: unknownWord is not null);
        this.unknownWord = unknownWord ?? 0;
        unitBonus = lexicon is null ? options.InsertionBonus : 0;

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
            if (endsWord.Contains(true) || Words is not null) hotBorder = options.Separator;
            IEnumerable<string> words = options.HotWords.Where(word => word.Length > 0);
            hot = new HotWordMatcher(words.Select(word => word.Replace(" ", options.Separator, StringComparison.Ordinal)), hotBorder);
            hotStart = Read(0, hotBorder, out _);
        }

        if (readsUnits && vocabulary.Size <= LargestRow) rows = new();
        if (Words is not null && ofWords && this.model is { } known)
        {
            wordUnits = [.. Words.Readings.Select(reading => known.IndexOf(reading.Pronunciation.Word))];
        }

        int longest = Words?.Readings.Max(reading => reading.Pronunciation.Word.Length + hotBorder.Length) ?? texts.Max(text => text.Length);
        int mostUnits = Words is not null ? 1 : ofWords ? Math.Max(1, longest) : Math.Max(1, units.Max(spelled => spelled.Length));
        MostGain = (Math.Max(options.InsertionBonus, 0) * mostUnits)
            + (hot is null ? 0 : options.HotWordBonus * (1 + (longest * (double)hot.MostEndings)));
        IsNothing = this.model is null && options.InsertionBonus == 0 && hot is null && Words is null;
    }

    /// <summary>Gets the tokens that were given.</summary>
    public Vocabulary Vocabulary { get; }

    /// <summary>Gets the language model that was given.</summary>
    public ILanguageModel? Model { get; }

    /// <summary>Gets the words that are read; null for any.</summary>
    public WordTree? Words { get; }

    /// <summary>Gets whether all scores are 0.</summary>
    public bool IsNothing { get; }

    /// <summary>Gets the most that a token can add to the score of a prefix.</summary>
    public double MostGain { get; }

    /// <summary>Returns whether it was made for these tokens and this language model.</summary>
    public bool IsOf(Vocabulary vocabulary, ILanguageModel? model) => ReferenceEquals(Vocabulary, vocabulary) && ReferenceEquals(Model, model);

    /// <summary>Sets the scores of the empty prefix.</summary>
    public void Begin(ref Prefix root)
    {
        (root.Language, root.Hot, root.Fused, root.Node) = (model?.Start ?? 0, hotStart, 0, WordTree.Root);
        root.Gains = Row(root.Language);
    }

    /// <summary>Returns what a step adds to the score of a prefix.</summary>
    public double Gain(PrefixTree tree, int prefix, int step)
    {
        if (IsNothing) return 0;
        (int state, int hotState) = (tree[prefix].Language, tree[prefix].Hot);
        if (Words is not null) return StepGain(tree, prefix, step, ref state, ref hotState);
        double gain = hot is null ? 0 : HotGain(hotState, texts[step], out _);
        return gain + LanguageGain(tree, prefix, step);
    }

    /// <summary>Sets the scores of a prefix that is its parent and a step.</summary>
    public void Enter(PrefixTree tree, int prefix)
    {
        if (IsNothing) return;
        (int parent, int step) = (tree[prefix].Parent, tree[prefix].Step);
        int state = tree[parent].Language, hotState = tree[parent].Hot;
        double gain;
        ref Prefix entered = ref tree[prefix];
        if (Words is not null)
        {
            gain = StepGain(tree, parent, step, ref state, ref hotState);
            entered.Node = Words.Next(tree[parent].Node, step);
        }
        else
        {
            gain = hot is null ? 0 : HotGain(hotState, texts[step], out hotState);
            gain += ofWords ? WordsGain(tree, parent, step, ref state) : UnitsGain(step, ref state);
        }

        (entered.Fused, entered.Hot, entered.Language) = (tree[parent].Fused + gain, hotState, state);
        entered.Gains = Row(state);
    }

    /// <summary>Returns what the end of the sentence adds to a prefix: the last word, the end itself, less unfinished hot words.</summary>
    public double End(PrefixTree tree, int prefix)
    {
        if (IsNothing) return 0;
        if (Words?.Ends(tree[prefix].Node) == false) return double.NegativeInfinity;
        double gain = 0;
        (int state, int hotState) = (tree[prefix].Language, tree[prefix].Hot);
        if (Words?.EndsOther(tree[prefix].Node) == true) gain += OtherGain(tree, prefix, ref state, ref hotState);
        if (ofWords && Words is null) gain += WordGain(WordBefore(tree, prefix), ref state);
        if (model is not null) gain += model.OfEnd(state);
        if (hot is null) return gain;
        int found = 0;
        if (Words is null) Read(hotState, hotBorder, out found); // under a lexicon every word has been read with its end
        return gain + (options.HotWordBonus * (found - hot.Share(hotState)));
    }

    /// <summary>Returns the score of a whole sequence of tokens, with its end.</summary>
    public double Score(ReadOnlySpan<long> tokens)
    {
        var tree = new PrefixTree();
        Begin(ref tree[PrefixTree.Root]);
        int prefix = PrefixTree.Root;
        foreach (long token in tokens) Enter(tree, prefix = tree.Add(prefix, (int)token, (int)token));
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

    // What a step adds under a lexicon: a model of tokens scores every token; all else comes with the end of a word.
    private double StepGain(PrefixTree tree, int prefix, int step, ref int state, ref int hotState)
    {
        double gain = ofWords ? 0 : UnitsGain(Words!.TokenOf(step), ref state);
        if (Words!.EndedBy(step) is var ended && ended < 0)
        {
            bool endsOther = Words.EndsOther(tree[prefix].Node) && Words.Next(tree[prefix].Node, step) == WordTree.Root;
            return endsOther ? gain + OtherGain(tree, prefix, ref state, ref hotState) : gain;
        }

        WordReading reading = Words.Readings[ended];
        gain += reading.Score + options.InsertionBonus;
        if (ofWords && model is not null) gain += model.Of(wordUnits[ended], ref state);
        return hot is null ? gain : gain + HotGain(hotState, reading.Pronunciation.Word + hotBorder, out hotState);
    }

    // What the end of a word adds that the lexicon does not have.
    private double OtherGain(PrefixTree tree, int prefix, ref int state, ref int hotState)
    {
        string word = WordBefore(tree, prefix);
        double gain = unknownWord + options.InsertionBonus;
        if (ofWords && model is not null) gain += model.Of(model.IndexOf(word), ref state);
        return hot is null ? gain : gain + HotGain(hotState, word + hotBorder, out hotState);
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
        double gain = unitBonus * units[token].Length;
        if (model is null) return gain;
        foreach (int unit in units[token]) gain += model.Of(unit, ref state);
        return gain;
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
        return options.InsertionBonus + (model is null ? 0 : model.Of(model.IndexOf(word), ref state));
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

    private double HotGain(int before, string text, out int after)
    {
        after = Read(before, text, out int found);
        return options.HotWordBonus * (found + hot!.Share(after) - hot.Share(before));
    }

    private int Read(int state, string text, out int found)
    {
        found = 0;
        foreach (char letter in text) state = hot!.Next(state, letter, ref found);
        return state;
    }
}
