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
}
