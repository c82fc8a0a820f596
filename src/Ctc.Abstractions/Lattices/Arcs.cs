namespace Ctc;

/// <summary>
/// The arcs of a lattice by the state they enter: slot k of state s is its k-th incoming arc. A slot without an arc scores −∞.
/// </summary>
/// <remarks>
/// The order of the slots is the rule for ties in Viterbi: the lower slot wins. There are two kinds of arcs, <see cref="BandedArcs"/> and
/// <see cref="IndexedArcs"/>; no others can be derived.
/// </remarks>
public abstract class Arcs
{
    private protected Arcs(Tensor scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        Scores = scores;
    }

    /// <summary>
    /// Gets [K, B, S] log-scores; or [T, K, B, S] if they depend on time, row t for the arcs that enter frame t (row 0 is not read) and T
    /// at least the number of frames of the longest utterance. Scores that require grad are learned.
    /// </summary>
    public Tensor Scores { get; }

    /// <summary>The same arcs with other scores.</summary>
    /// <param name="scores">As <see cref="Scores"/>.</param>
    /// <returns>Arcs of the same kind.</returns>
    public abstract Arcs WithScores(Tensor scores);

    /// <summary>Returns the value of the source state of each arc.</summary>
    /// <param name="states">[B, S] values of states, of any type.</param>
    /// <returns>[K, B, S]: in slot k of state s the value of the state from which that arc comes; any value where a slot has no arc.</returns>
    public abstract Tensor AtSource(Tensor states);

    /// <summary>The same arcs, with scores of another type or on another device.</summary>
    /// <param name="type">The floating type of the recursion.</param>
    /// <param name="device">The device of the recursion.</param>
    /// <returns>Arcs whose scores stay in the same gradient graph.</returns>
    public abstract Arcs Cast(torch.ScalarType type, torch.Device device);
}

/// <summary>Arcs of a few fixed lengths: slot k of state s comes from state s − Offsets[k], in all utterances.</summary>
public sealed class BandedArcs : Arcs
{
    /// <summary>Creates arcs from a copy of the offsets and from scores.</summary>
    /// <param name="offsets">[K] the number of states that each slot advances, 0 or more. 0 is a self-loop.</param>
    /// <param name="scores">As <see cref="Arcs.Scores"/>. A slot whose source is below state 0 is unused, whatever its score.</param>
    /// <exception cref="ArgumentException">An offset is below 0.</exception>
    public BandedArcs(IReadOnlyList<int> offsets, Tensor scores)
        : base(scores)
    {
        ArgumentNullException.ThrowIfNull(offsets);
        Offsets = [.. offsets];

        // Recursions compute memory addresses from them.
        if (Offsets.Any(offset => offset < 0))
        {
            throw new ArgumentException($"Banded arcs reach [{string.Join(", ", Offsets)}] states back; expected 0 or more.", nameof(offsets));
        }
    }

    /// <summary>Gets the number of states that each slot advances.</summary>
    public IReadOnlyList<int> Offsets { get; }

    /// <inheritdoc/>
    public override Arcs WithScores(Tensor scores) => new BandedArcs(Offsets, scores);

    /// <inheritdoc/>
    public override Tensor AtSource(Tensor states)
    {
        ArgumentNullException.ThrowIfNull(states);
        Tensor[] slots = [.. Offsets.Select(offset => states.roll(offset, 1))];
        return torch.stack(slots);
    }

    /// <inheritdoc/>
    public override Arcs Cast(torch.ScalarType type, torch.Device device) => WithScores(Scores.to(type, device));
}

/// <summary>Arcs between any states: slot k of state s comes from state Sources[k, b, s].</summary>
public sealed class IndexedArcs : Arcs
{
    /// <summary>Creates arcs from sources and scores.</summary>
    /// <param name="sources">[K, B, S] states in [0, S), of type int64. A slot without an arc has any state, and the score −∞.</param>
    /// <param name="scores">As <see cref="Arcs.Scores"/>.</param>
    public IndexedArcs(Tensor sources, Tensor scores)
        : base(scores)
    {
        ArgumentNullException.ThrowIfNull(sources);
        Sources = sources;
    }

    /// <summary>Gets [K, B, S] the state from which each slot comes, of type int64.</summary>
    public Tensor Sources { get; }

    /// <inheritdoc/>
    public override Arcs WithScores(Tensor scores) => new IndexedArcs(Sources, scores);

    /// <inheritdoc/>
    public override Tensor AtSource(Tensor states)
    {
        ArgumentNullException.ThrowIfNull(states);
        return states.unsqueeze(0).expand(Sources.shape).gather(2, Sources);
    }

    /// <inheritdoc/>
    public override Arcs Cast(torch.ScalarType type, torch.Device device) => new IndexedArcs(Sources.to(device), Scores.to(type, device));
}
