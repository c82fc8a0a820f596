namespace Ctc.Engine.Topologies;

/// <summary>CTC in which equal neighbours need no blank between them: any blank between two tokens may be skipped.</summary>
/// <remarks>
/// A run of one token may then stand for one token or for several, so that different targets share paths, one target counts a path once for
/// each way to split its runs, and L may be below 0. Such a path spells the shortest of its targets, as under ctc: equal neighbours without a blank
/// between them are read as one token. Source: k2, <c>ctc_graph(modified=True)</c>, there also called simplified.
/// </remarks>
[Part(
    "modified",
    Summary = "As ctc, but equal neighbours need no blank between them.",
    Formula = "L = −ln Σ_π Π_t p_t(π_t), a path counted once for each way to split its runs",
    Paper = "k2, ctc_topo(modified=True)")]
public sealed class ModifiedTopology : ITopology
{
    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The batch has no blank.</exception>
    public Lattices Build(Batch batch) =>
        new(Lattice.FromTargets(batch, "modified", (_, state, step) => step < WovenTarget.Skip || WovenTarget.IsToken(state)));
}
