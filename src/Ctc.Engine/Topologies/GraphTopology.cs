namespace Ctc.Engine.Topologies;

/// <summary>Whatever graph an utterance brings: several spellings or pronunciations, weights, cycles. Without one, ctc.</summary>
/// <remarks>
/// The target is then read by measures and reductions alone; what the frames are aligned with is the graph. The scores of a graph are constants.
/// L may fall below 0 where they are no probabilities or where several paths read the same tokens.
/// </remarks>
[Part(
    "graph",
    Summary = "The states and arcs that each utterance brings along; those of ctc where it brings none.",
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

    /// <summary>Those of ctc.</summary>
    /// <inheritdoc/>
    public long MinimumFrames(ReadOnlySpan<long> target) => Otherwise.MinimumFrames(target);

    /// <inheritdoc/>
    public long MinimumFrames(Batch batch, int utterance)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return batch.Graphs[utterance]?.MinimumFrames() ?? MinimumFrames(batch.Targets[utterance]);
    }

    private static Graph Ctc(Batch batch, long[] target) => Graph.FromTarget(
        target,
        batch.Blank ?? throw new ArgumentException("The topology graph needs a blank for an utterance without a graph, and the batch has none."));
}
