namespace Ctc.Engine.Topologies;

/// <summary>The tokens of the target and nothing else: S = U states, each held for one frame or more.</summary>
/// <remarks>
/// A path stays or advances; it starts in the first state and ends in the last. The empty target has no state, so it is feasible only without
/// frames. A run of one token counts once for each way to split it among equal neighbours, as under modified; a path spells the shortest of its
/// targets, in which no neighbours are equal. Source: the no-skip
/// CTC in the code of Cai, Yuan, Zheng and Church, "A Comprehensive Study on CTC Loss for Timing Alignment", submitted to ICASSP 2022.
/// </remarks>
[Part(
    "no-blank",
    Summary = "The tokens of the target alone, each held for one frame or more; there is no blank.",
    Formula = "L = −ln Σ_π Π_t p_t(π_t), over the ways to hold the U tokens for T frames",
    Paper = "Cai, Yuan, Zheng and Church, A Comprehensive Study on CTC Loss for Timing Alignment, submitted to ICASSP 2022")]
public sealed class NoBlankTopology : ITopology
{
    private static readonly int[] StayOrAdvance = [0, 1];

    /// <inheritdoc/>
    public Lattices Build(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return new Lattices(Lattice.CreateBanded(
            batch.Targets,
            StayOrAdvance,
            arc: (_, _, _) => 0,
            initial: (_, s) => Allowed(s == 0),
            final: (states, s) => Allowed(s == states.Length - 1),
            empty: states => Allowed(states.Length == 0),
            position: (_, s) => s));
    }

    private static double Allowed(bool allowed) => allowed ? 0 : double.NegativeInfinity;
}
