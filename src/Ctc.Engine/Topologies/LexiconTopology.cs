using Ctc.Engine.Lexica;

namespace Ctc.Engine.Topologies;

/// <summary>The options of <see cref="LexiconTopology"/>.</summary>
public sealed record LexiconOptions
{
    /// <summary>Gets the file of the lexicon: a word, perhaps a weight, and its symbols in each line.</summary>
    /// <value>A file; ~ is ctc.</value>
    [DataFile]
    public required string? File { get; init; }

    /// <summary>Gets the symbol between the words of a target.</summary>
    /// <value>By default a space; ~ if each token of a target is a word.</value>
    public string? Separator { get; init; } = " ";

    /// <summary>Gets what a word that the lexicon does not have does.</summary>
    /// <value>refuse, the default: it is an error; spell: it stands for its own symbols.</value>
    public UnknownWords Unknown { get; init; }

    /// <summary>Gets the symbol of pauses between words and at both ends, in the place of blanks and separators.</summary>
    /// <value>
    /// The default, ~, is none: paths read blanks, as under ctc. A symbol that the data set does not have becomes a token of the network.
    /// </value>
    public string? Silence { get; init; }
}

/// <summary>What <see cref="LexiconTopology"/> does with a word that its lexicon does not have.</summary>
public enum UnknownWords
{
    /// <summary>An error that names the word.</summary>
    Refuse,

    /// <summary>The word stands for its own symbols.</summary>
    Spell,
}

/// <summary>Words with several pronunciations or spellings: a path reads one of those of each word, as CTC reads tokens.</summary>
/// <remarks>
/// Symbols of the lexicon that the data set does not have become tokens of the network. A path spells the words whose pronunciations it reads;
/// what is no pronunciation is spelled as it is. L is 0 or more. Where tokens are numbers without symbols, it is ctc. With a silence there is no
/// blank: each symbol of a pronunciation is held for one frame or more, and between words a path may read silence.
/// </remarks>
[Part(
    "lexicon",
    typeof(LexiconOptions),
    Summary = "Words with several pronunciations, from a lexicon: each is a way through the lattice, and the best path tells which one was used.",
    Formula = "L = −ln Σ_π Π_w weight(w, π) Π_t p_t(π_t), over the paths that read one pronunciation of each word",
    Paper = "after the lexicon transducers of k2 and Kaldi (Mohri et al., Weighted finite-state transducers in speech recognition, 2002)",
    Example = "file: ~",
    Neutral = "file: ~")]
public sealed class LexiconTopology : ITopology
{
    private static readonly CtcTopology WithoutLexicon = new();

    private readonly LexiconOptions options;
    private readonly Lexicon? lexicon;
    private volatile WordTokens? last;

    /// <summary>Reads the file.</summary>
    /// <param name="options">The file, and what words are.</param>
    /// <exception cref="InvalidDataException">The file cannot be read, or is damaged; the message names the line.</exception>
    public LexiconTopology(LexiconOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        this.options = options;
        lexicon = options.File is { } file ? Lexicon.Read(file) : null;
    }

    /// <inheritdoc/>
    /// <returns>The symbols of the lexicon that are none of the data set, in their order. They spell nothing by themselves.</returns>
    /// <exception cref="InvalidDataException">The lexicon lacks a word of a target.</exception>
    public IReadOnlyList<AddedToken> AddTokens(Vocabulary vocabulary, IReadOnlyList<long[]> targets)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        ArgumentNullException.ThrowIfNull(targets);
        if (lexicon is null) return [];
        HashSet<string> known = [.. Enumerable.Range(0, (int)vocabulary.TargetTokens).Select(token => vocabulary.Symbol(token))];
        AddedToken[] added =
        [
            .. lexicon.Pronunciations.SelectMany(one => one.Symbols).Concat(options.Silence is { } silence ? [silence] : [])
                .Where(known.Add).Select(symbol => new AddedToken(symbol, [])),
        ];
        WordTokens words = In(vocabulary.WithAdded(added));
        foreach (long[] target in targets) words.Split(target, "The training set");
        return added;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The batch has no blank.</exception>
    /// <exception cref="InvalidDataException">The lexicon lacks a word of a target.</exception>
    public Lattices Build(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (lexicon is null) return WithoutLexicon.Build(batch);
        WordGraph[] graphs = [.. batch.Targets.Select((_, b) => CreateGraph(batch, b).Graph)];
        Lattice lattice = Lattice.FromGraphs([.. graphs.Select(graph => graph.Graph)]);
        int states = (int)lattice.Labels.shape[1];
        long[] positions = [.. graphs.SelectMany(graph => graph.Positions.Concat(Enumerable.Repeat(-1L, states)).Take(states))];
        return new Lattices(new Lattice(lattice.Labels, lattice.Arcs, lattice.Initial, lattice.Final, lattice.Empty)
        {
            Positions = torch.tensor(positions, [batch.Size, states]), Silence = Silence(batch.Vocabulary),
        });
    }

    /// <inheritdoc/>
    public long[] Spell(ReadOnlySpan<long> path, Vocabulary vocabulary)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        if (lexicon is null || vocabulary.Alphabet is null) return vocabulary.Spell(path);
        var read = new List<long>();
        long? between = Silence(vocabulary) ?? vocabulary.Blank;
        for (int t = 0; t < path.Length; t++) if (path[t] != between && (t == 0 || path[t] != path[t - 1])) read.Add(path[t]);
        return In(vocabulary).Spell(read);
    }

    /// <inheritdoc/>
    public IReadOnlyList<WordSpan> FindWords(Batch batch, int utterance, ReadOnlySpan<long> states)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (lexicon is null) return [];
        (WordGraph graph, IReadOnlyList<TargetWord> words) = CreateGraph(batch, utterance);
        var found = new SortedDictionary<int, (int Reading, FrameSpan Frames)>();
        for (int t = 0; t < states.Length; t++)
        {
            if (graph.OwnerOf(states[t]) is not { } owner) continue;
            int start = found.TryGetValue(owner.Word, out (int Reading, FrameSpan Frames) before) ? before.Frames.Start : t;
            found[owner.Word] = (owner.Reading, new FrameSpan(start, t + 1));
        }

        return
        [
            .. found.Select(one => (Word: words[one.Key], one.Value)).Where(one => !one.Word.IsSeparator).Select(one => new WordSpan(
                one.Word.Text, [.. one.Word.Readings[one.Value.Reading].Tokens.Select(batch.Vocabulary.Symbol)], one.Value.Frames)),
        ];
    }

    private (WordGraph Graph, IReadOnlyList<TargetWord> Words) CreateGraph(Batch batch, int utterance)
    {
        IReadOnlyList<TargetWord> words = In(batch.Vocabulary).Split(batch.Targets[utterance], batch.Names[utterance]);
        if (Silence(batch.Vocabulary) is { } silence) return (new WordGraph(words, silence, arePauses: true), words);
        long blank = batch.Blank ?? throw new ArgumentException("The topology lexicon needs a blank, and the batch has none.", nameof(batch));
        return (new WordGraph(words, blank), words);
    }

    // The token of pauses; null if there are blanks.
    private long? Silence(Vocabulary vocabulary) =>
        options.Silence is { } symbol && vocabulary.Alphabet is not null ? PausedTarget.FindSilence(vocabulary, symbol) : null;

    // All batches of a run have one vocabulary.
    private WordTokens In(Vocabulary vocabulary)
    {
        if (last is { } known && ReferenceEquals(known.Vocabulary, vocabulary)) return known;
        return last = new WordTokens(lexicon!, vocabulary, options.Separator, options.Unknown == UnknownWords.Spell);
    }
}
