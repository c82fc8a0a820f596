namespace Ctc;

/// <summary>What is known of a batch besides the model's output: targets, lengths, the blank. Managed data only, checked once.</summary>
/// <remarks>
/// The letters, here as everywhere: <c>T</c> frames, <c>B</c> utterances, <c>V</c> tokens counting the blank,
/// <c>U</c> tokens of a target, <c>S</c> states of a lattice.
/// </remarks>
public sealed class Batch
{
    /// <summary>Checks and holds a batch.</summary>
    /// <param name="targets">B token sequences without blanks; each may be empty.</param>
    /// <param name="frames">B lengths in frames, 0 or more. What lies behind an utterance's length is padding and never read.</param>
    /// <param name="tokens">V, the size of the vocabulary, counting the blank.</param>
    /// <param name="blank">The token of the blank, by default 0; null for topologies that have none.</param>
    /// <param name="progress">Where training stands; by default nothing is being trained.</param>
    /// <param name="names">B names for messages; by default the position in the batch.</param>
    /// <param name="graphs">B graphs for the topology <c>graph</c>, null where an utterance has none; by default no utterance has one.</param>
    /// <exception cref="ArgumentException">
    /// The counts differ, a length is negative, the blank, a target token or a token of a graph lies outside [0, V), or a target token is the blank.
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
            throw new ArgumentException($"There are {frames.Count} lengths for {targets.Count} targets; expected one for each.");
        }

        if (names is not null && names.Count != targets.Count)
        {
            throw new ArgumentException($"There are {names.Count} names for {targets.Count} targets; expected one for each.");
        }

        if (graphs is not null && graphs.Count != targets.Count)
        {
            throw new ArgumentException($"There are {graphs.Count} graphs for {targets.Count} targets; expected one, or null, for each.");
        }

        if (tokens < 1) throw new ArgumentException($"The vocabulary has {tokens} tokens; expected at least 1.");
        if (blank is { } b && (b < 0 || b >= tokens)) throw new ArgumentException($"The blank is {b}; expected a token in [0, {tokens}).");

        Targets = targets;
        Frames = frames;
        Tokens = tokens;
        Blank = blank;
        Progress = progress;
        Names = names ?? [.. Enumerable.Range(0, targets.Count).Select(i => $"{i}")];
        Graphs = graphs ?? new Graph?[targets.Count];
        for (int i = 0; i < targets.Count; i++) Check(i);
    }

    /// <summary>Gets the B target token sequences, without blanks.</summary>
    public IReadOnlyList<long[]> Targets { get; }

    /// <summary>Gets the B lengths in frames.</summary>
    public IReadOnlyList<long> Frames { get; }

    /// <summary>Gets V, the number of tokens, counting the blank.</summary>
    public long Tokens { get; }

    /// <summary>Gets the token of the blank, or null where the topology has none.</summary>
    public long? Blank { get; }

    /// <summary>Gets where training stands.</summary>
    public Progress Progress { get; }

    /// <summary>Gets the B names that messages use.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Gets the B graphs; null for an utterance whose target is all there is.</summary>
    public IReadOnlyList<Graph?> Graphs { get; }

    /// <summary>Gets B, the number of utterances.</summary>
    public int Size => Targets.Count;

    private void Check(int utterance)
    {
        if (Frames[utterance] < 0) throw new ArgumentException($"Utterance {Names[utterance]} has {Frames[utterance]} frames; expected 0 or more.");
        long[] target = Targets[utterance];
        for (int u = 0; u < target.Length; u++)
        {
            if (target[u] >= 0 && target[u] < Tokens && target[u] != Blank) continue;
            string exceptBlank = Blank is { } blank ? $" other than the blank, {blank}" : "";
            throw new ArgumentException($"target[{u}] of utterance {Names[utterance]} is {target[u]}; expected a token in [0, {Tokens}){exceptBlank}.");
        }

        IReadOnlyList<long> labels = Graphs[utterance]?.Labels ?? [];
        for (int s = 0; s < labels.Count; s++)
        {
            if (labels[s] >= Tokens)
            {
                throw new ArgumentException($"states[{s}] in the graph of utterance {Names[utterance]} reads token {labels[s]}; expected a token in [0, {Tokens}).");
            }
        }
    }
}
