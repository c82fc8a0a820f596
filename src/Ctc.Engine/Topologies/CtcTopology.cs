namespace Ctc.Engine.Topologies;

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
    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The batch has no blank.</exception>
    public Lattices Build(Batch batch) => new(Lattice.FromTargets(batch, "ctc", WovenTarget.Ctc));

    /// <summary>Returns U + r, where r is the number of tokens that equal their predecessor: between those a blank is needed.</summary>
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
}
