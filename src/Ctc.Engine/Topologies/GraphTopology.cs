namespace Ctc.Engine.Topologies;

/// <summary>The graph of each utterance: several spellings or pronunciations, weights, cycles. Without a graph, ctc.</summary>
/// <remarks>
/// The frames are aligned with the graph; the target is used by measures and reductions only. The scores of a graph have no gradient.
/// L may be below 0 if they are no probabilities or if several paths have the same tokens. A path spells what its tokens spell under ctc, which is
/// the target only if the graph says so: a graph of several readings has paths that spell each.
/// </remarks>
[Part(
    "graph",
    Summary = "The graph of each utterance, with states and arcs of its own; ctc for an utterance without a graph.",
    Formula = "L = −ln Σ_paths exp(initial + Σ arcs + final) Π_t p_t(label)",
    Paper = "after the user-given graphs of k2 and of gtn (Hannun et al., Differentiable Weighted Finite-State Transducers, 2020, arXiv 2010.01003)")]
public sealed class GraphTopology : ITopology
{
    private static readonly CtcTopology Otherwise = new();

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">An utterance has no graph and the batch no blank.</exception>
    public Lattices Build(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return new Lattices(Lattice.FromGraphs([.. batch.Graphs.Zip(batch.Targets, (graph, target) => graph ?? Ctc(batch, target))]));
    }

    private static Graph Ctc(Batch batch, long[] target) => Graph.FromTarget(
        target,
        batch.Blank ?? throw new ArgumentException(
            "The topology graph needs a blank for an utterance without a graph, and the batch has none.",
            nameof(batch)));
}
