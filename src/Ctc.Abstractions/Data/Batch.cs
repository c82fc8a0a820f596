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
    {
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(frames);
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

        if (tokens < 1) throw new ArgumentException($"The vocabulary has {tokens} tokens; expected at least 1.", nameof(tokens));
        if (blank is { } b && (b < 0 || b >= tokens))
        {
            throw new ArgumentException($"The blank is {b}; expected a token in [0, {tokens}).", nameof(blank));
        }

        // Copies: what is checked here cannot be changed afterwards.
        Targets = [.. targets.Select((target, i) => 
            target?.ToArray() ?? throw new ArgumentException($"targets[{i}] is null; expected tokens.", nameof(targets)))];
        Frames = [.. frames];
        Tokens = tokens;
        Blank = blank;
        Progress = progress;
        Names = names is not null ? [.. names] : [.. Enumerable.Range(0, targets.Count).Select(i => $"{i}")];
        Graphs = graphs is not null ? [.. graphs] : new Graph?[targets.Count];
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

    /// <summary>Gets V, the number of tokens, counting the blank.</summary>
    public long Tokens { get; }

    /// <summary>Gets the token of the blank, or null where the topology has none.</summary>
    public long? Blank { get; }

    /// <summary>Gets the progress of training.</summary>
    public Progress Progress { get; }

    /// <summary>Gets the B names that messages use.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Gets the B graphs; null for an utterance that has only a target.</summary>
    public IReadOnlyList<Graph?> Graphs { get; }

    /// <summary>Gets B, the number of utterances.</summary>
    public int Size => Targets.Count;

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
            if (target[u] >= 0 && target[u] < Tokens && target[u] != Blank) continue;
            string exceptBlank = Blank is { } blank ? $" other than the blank, {blank}" : "";
            throw new ArgumentException(
                $"target[{u}] of utterance {Names[utterance]} is {target[u]}; expected a token in [0, {Tokens}){exceptBlank}.", nameof(targets));
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
