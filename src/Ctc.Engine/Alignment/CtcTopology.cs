namespace Ctc.Engine.Alignment;

/// <summary>Connectionist temporal classification: the target woven with blanks, S = 2U + 1 states.</summary>
/// <remarks>
/// A path stays, advances by one state, or skips the blank between two different tokens; it starts in one of the first two states and ends
/// in one of the last two. Source: Graves et al., ICML 2006, section 4.
/// </remarks>
[Part(
    "ctc",
    Summary = "The target with a blank before, between and after its tokens; blanks may be skipped except between equal tokens.",
    Formula = "L = −ln Σ_π Π_t p_t(π_t)",
    Paper = "Graves et al., Connectionist Temporal Classification, ICML 2006")]
public sealed class CtcTopology : ITopology
{
    private const int Stay = 0, Advance = 1, Skip = 2;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The batch has no blank.</exception>
    public Lattices Build(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        long blank = batch.Blank ?? throw new ArgumentException("The topology ctc needs a blank, and the batch has none.");
        return new Lattices(Lattice.Banded(
            [.. batch.Targets.Select(target => Weave(target, blank))],
            [Stay, Advance, Skip],
            arc: (states, s, step) => Allowed(step < Skip || (states[s] != blank && states[s] != states[s - Skip])),
            initial: (_, s) => Allowed(s <= 1),
            final: (states, s) => Allowed(s >= states.Length - 2),
            empty: states => Allowed(states.Length == 1)));
    }

    /// <summary>U + r, where r counts the tokens that equal their predecessor: between those a blank is needed.</summary>
    /// <inheritdoc/>
    public long MinimumFrames(ReadOnlySpan<long> target)
    {
        long frames = target.Length;
        for (int u = 1; u < target.Length; u++)
        {
            if (target[u] == target[u - 1]) frames++;
        }

        return frames;
    }

    private static long[] Weave(long[] target, long blank)
    {
        var states = new long[(2 * target.Length) + 1];
        Array.Fill(states, blank);
        for (int u = 0; u < target.Length; u++) states[(2 * u) + 1] = target[u];
        return states;
    }

    private static double Allowed(bool allowed) => allowed ? 0 : double.NegativeInfinity;
}
