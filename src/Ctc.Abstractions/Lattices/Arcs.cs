namespace Ctc;

/// <summary>
/// The arcs of a lattice, as each state sees them: slot k of state s is its k-th incoming arc. A slot without an arc scores −∞.
/// </summary>
/// <param name="Scores">
/// [K, B, S] log-scores; or [T, K, B, S] where they depend on time, row t for the arcs that enter frame t (row 0 is not read) and T
/// no less than the frames of the longest utterance. Scores that require grad are learned.
/// </param>
/// <remarks>The order of the slots is the rule for ties in Viterbi: the lower slot wins.</remarks>
public abstract record Arcs(Tensor Scores)
{
    /// <summary>The same arcs, with scores of another type or on another device.</summary>
    /// <param name="type">The floating type of the recursion.</param>
    /// <param name="device">Where the recursion runs.</param>
    /// <returns>Arcs whose scores stay in the same gradient graph.</returns>
    public abstract Arcs Cast(torch.ScalarType type, torch.Device device);
}

/// <summary>Arcs of a few fixed lengths: slot k of state s comes from state s − Offsets[k], for all utterances alike.</summary>
/// <param name="Offsets">[K] how many states back each slot reaches, 0 or more. 0 is a self-loop.</param>
/// <param name="Scores">As for all arcs. A slot that would reach below state 0 is never taken, whatever its score.</param>
/// <exception cref="ArgumentException">An offset is below 0.</exception>
public sealed record BandedArcs(IReadOnlyList<int> Offsets, Tensor Scores) : Arcs(Scores)
{
    private readonly IReadOnlyList<int> offsets = NotBelowZero(Offsets);

    /// <summary>Gets how many states back each slot reaches.</summary>
    public IReadOnlyList<int> Offsets
    {
        get => offsets;
        init => offsets = NotBelowZero(value);
    }

    /// <inheritdoc/>
    public override Arcs Cast(torch.ScalarType type, torch.Device device) => this with { Scores = Scores.to(type, device) };

    // Recursions read memory by them.
    private static IReadOnlyList<int> NotBelowZero(IReadOnlyList<int> offsets) => offsets.All(offset => offset >= 0)
        ? offsets
        : throw new ArgumentException($"Banded arcs reach [{string.Join(", ", offsets)}] states back; expected 0 or more.", nameof(offsets));
}

/// <summary>Arcs between any states: slot k of state s comes from state Sources[k, b, s].</summary>
/// <param name="Sources">[K, B, S] states in [0, S), of type int64. Where a slot has no arc, any state, with the score −∞.</param>
/// <param name="Scores">As for all arcs.</param>
public sealed record IndexedArcs(Tensor Sources, Tensor Scores) : Arcs(Scores)
{
    /// <inheritdoc/>
    public override Arcs Cast(torch.ScalarType type, torch.Device device) =>
        this with { Sources = Sources.to(device), Scores = Scores.to(type, device) };
}
