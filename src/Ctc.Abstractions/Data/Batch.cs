namespace Ctc;

/// <summary>A batch without the model's output: targets, lengths, the blank. Managed data only, copied and checked once.</summary>
/// <remarks>
/// Notation: <c>T</c> frames, <c>B</c> utterances, <c>V</c> tokens counting the blank,
/// <c>U</c> tokens of a target, <c>S</c> states of a lattice.
/// </remarks>
public sealed class Batch
{
    /// <summary>Creates a batch from copies of the arguments, after checking them.</summary>
    /// <param name="targets">B token sequences without blanks; each may be empty.</param>
    /// <param name="frames">B lengths in frames, 0 or more. Frames after an utterance's length are padding and never read.</param>
    /// <param name="tokens">V, the size of the vocabulary, counting the blank.</param>
    /// <param name="blank">The token of the blank, by default 0; null for topologies that have none.</param>
    /// <param name="progress">The progress of training; by default step 0, outside training.</param>
    /// <param name="names">B names for messages; by default the position in the batch.</param>
    /// <param name="graphs">B graphs for the topology <c>graph</c>, null for an utterance without one; by default all null.</param>
    /// <exception cref="ArgumentException">
    /// The counts differ, a length is negative, the blank, a target token or a token of a graph is outside [0, V), or a target token is the blank.
    /// </exception>
    public Batch(
        IReadOnlyList<long[]> targets,
        IReadOnlyList<long> frames,
        long tokens,
        long? blank = 0,
        Progress progress = default,
        IReadOnlyList<string>? names = null,
        IReadOnlyList<Graph?>? graphs = null)
        : this(targets, frames, new Vocabulary(tokens, blank), progress, names, graphs)
    {
    }

    /// <inheritdoc cref="Batch(IReadOnlyList{long[]}, IReadOnlyList{long}, long, long?, Progress, IReadOnlyList{string}?, IReadOnlyList{Graph?}?)"/>
    /// <param name="targets">B token sequences without blanks and added tokens; each may be empty.</param>
    /// <param name="frames">B lengths in frames, 0 or more. Frames after an utterance's length are padding and never read.</param>
    /// <param name="vocabulary">The tokens.</param>
    /// <param name="progress">The progress of training.</param>
    /// <param name="names">B names for messages; null for the position in the batch.</param>
    /// <param name="graphs">B graphs for the topology <c>graph</c>, null for an utterance without one; null if there are none.</param>
    public Batch(
        IReadOnlyList<long[]> targets,
        IReadOnlyList<long> frames,
        Vocabulary vocabulary,
        Progress progress,
        IReadOnlyList<string>? names,
        IReadOnlyList<Graph?>? graphs)
    {
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(frames);
        ArgumentNullException.ThrowIfNull(vocabulary);
        if (frames.Count != targets.Count)
        {
            throw new ArgumentException($"There are {frames.Count} lengths for {targets.Count} targets; expected one for each.", nameof(frames));
        }

        if (names is not null && names.Count != targets.Count)
        {
            throw new ArgumentException($"There are {names.Count} names for {targets.Count} targets; expected one for each.", nameof(names));
        }

        if (graphs is not null && graphs.Count != targets.Count)
        {
            throw new ArgumentException(
                $"There are {graphs.Count} graphs for {targets.Count} targets; expected one, or null, for each.", nameof(graphs));
        }

        // Copies: what is checked here cannot be changed afterwards.
        Targets = [.. targets.Select((target, i) => 
            target?.ToArray() ?? throw new ArgumentException($"targets[{i}] is null; expected tokens.", nameof(targets)))];
        Frames = [.. frames];
        Vocabulary = vocabulary;
        Progress = progress;
        Ids = Names = names is not null ? [.. names] : [.. Enumerable.Range(0, targets.Count).Select(i => $"{i}")];
        Graphs = graphs is not null ? [.. graphs] : new Graph?[targets.Count];
        Groups = new string?[targets.Count];
        for (int i = 0; i < Size; i++)
        {
            CheckFrames(Frames, i);
            CheckTarget(Targets, i);
            CheckGraph(Graphs, i);
        }
    }

    /// <summary>Gets the B target token sequences, without blanks.</summary>
    public IReadOnlyList<long[]> Targets { get; }

    /// <summary>Gets the B lengths in frames.</summary>
    public IReadOnlyList<long> Frames { get; }

    /// <summary>Gets the tokens that the scores are of.</summary>
    public Vocabulary Vocabulary { get; }

    /// <summary>Gets V, the number of tokens, counting the blank and those that the topology adds.</summary>
    public long Tokens => Vocabulary.Size;

    /// <summary>Gets the token of the blank, or null where the topology has none.</summary>
    public long? Blank => Vocabulary.Blank;

    /// <summary>Gets the progress of training.</summary>
    public Progress Progress { get; }

    /// <summary>Gets the B names that messages use.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Gets the B names of the utterances in their data set. The views of an utterance have one name.</summary>
    /// <value>By default those of <see cref="Names"/>.</value>
    /// <exception cref="ArgumentException">On initialisation: there is not one for each utterance.</exception>
    public IReadOnlyList<string> Ids
    {
        get;
        init => field = value.Count == Size
            ? [.. value]
            : throw new ArgumentException($"There are {value.Count} ids for {Size} targets; expected one for each.", nameof(value));
    }

    /// <summary>Gets the B groups, such as speakers or writers.</summary>
    /// <value>Null where unknown; by default all null.</value>
    /// <exception cref="ArgumentException">On initialisation: there is not one for each utterance.</exception>
    public IReadOnlyList<string?> Groups
    {
        get;
        init => field = value.Count == Size
            ? [.. value]
            : throw new ArgumentException($"There are {value.Count} groups for {Size} targets; expected one, or null, for each.", nameof(value));
    }

    /// <summary>Gets the number of views of each utterance. With 2, rows b and b + B/2 are one utterance, augmented twice.</summary>
    /// <value>1 or 2; by default 1.</value>
    /// <exception cref="ArgumentException">On initialisation: it is another number, or B is odd.</exception>
    public int Views
    {
        get;
        init => field = (value == 1 || (value == 2 && Size % 2 == 0))
            ? value
            : throw new ArgumentException($"A batch of {Size} has {value} views; expected 1, or 2 of each utterance.", nameof(value));
    } = 1;

    /// <summary>Gets the seed of the run, for parts that draw.</summary>
    /// <value>By default 0.</value>
    public long Seed { get; init; }

    /// <summary>Gets the B graphs; null for an utterance that has only a target.</summary>
    public IReadOnlyList<Graph?> Graphs { get; }

    /// <summary>Gets B, the number of utterances.</summary>
    public int Size => Targets.Count;

    /// <summary>The same utterances with other targets: same frames, names, groups, views, seed and progress; no graphs.</summary>
    /// <param name="targets">B token sequences without blanks.</param>
    /// <returns>Another batch; this one is unchanged.</returns>
    public Batch WithTargets(IReadOnlyList<long[]> targets) => new(targets, Frames, Vocabulary, Progress, Names, graphs: null)
    {
        Ids = Ids, Groups = Groups, Views = Views, Seed = Seed,
    };

    /// <summary>The same utterances with other lengths, such as those of a stream. Everything else is the same.</summary>
    /// <param name="frames">B lengths in frames, 0 or more.</param>
    /// <returns>Another batch; this one is unchanged.</returns>
    public Batch WithFrames(IReadOnlyList<long> frames) => new(Targets, frames, Vocabulary, Progress, Names, Graphs)
    {
        Ids = Ids, Groups = Groups, Views = Views, Seed = Seed,
    };

    /// <summary>Creates the random generator of an utterance in this step.</summary>
    /// <remarks>
    /// It depends on the seed, the step, the utterance's name and view, and the purpose, and on nothing else in the batch: an utterance draws the
    /// same numbers alone, in any batch, and after a resumption.
    /// </remarks>
    /// <param name="utterance">In [0, B).</param>
    /// <param name="purpose">What the numbers are for, such as the name of the part.</param>
    /// <returns>A generator at its start.</returns>
    public SplitMix64 Random(int utterance, string purpose) => SplitMix64.For(
        (ulong)Seed, $"{Progress.Step}", Ids[utterance], $"{utterance / Math.Max(Size / Views, 1)}", purpose);

    private void CheckFrames(IReadOnlyList<long> frames, int utterance)
    {
        if (frames[utterance] >= 0) return;
        throw new ArgumentException($"Utterance {Names[utterance]} has {frames[utterance]} frames; expected 0 or more.", nameof(frames));
    }

    private void CheckTarget(IReadOnlyList<long[]> targets, int utterance)
    {
        long[] target = targets[utterance];
        for (int u = 0; u < target.Length; u++)
        {
            if (target[u] >= 0 && target[u] < Vocabulary.TargetTokens && target[u] != Blank) continue;
            string exceptBlank = Blank is { } blank ? $" other than the blank, {blank}" : "";
            throw new ArgumentException(
                $"target[{u}] of utterance {Names[utterance]} is {target[u]}; expected a token in [0, {Vocabulary.TargetTokens}){exceptBlank}.",
                nameof(targets));
        }
    }

    private void CheckGraph(IReadOnlyList<Graph?> graphs, int utterance)
    {
        IReadOnlyList<long> labels = graphs[utterance]?.Labels ?? [];
        for (int s = 0; s < labels.Count; s++)
        {
            if (labels[s] < Tokens) continue;
            throw new ArgumentException(
                $"states[{s}] in the graph of utterance {Names[utterance]} reads token {labels[s]}; expected a token in [0, {Tokens}).",
                nameof(graphs));
        }
    }
}
