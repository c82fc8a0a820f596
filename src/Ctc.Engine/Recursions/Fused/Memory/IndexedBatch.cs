using System.Numerics;

namespace Ctc.Engine.Recursions.Fused.Memory;

/// <summary>The memory of a batch of lattices with arcs between any states.</summary>
/// <inheritdoc/>
internal sealed class IndexedBatch<T> : LatticeBatch<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IReadOnlyList<int>? offsets;
    private readonly Tensor? sources;
    private readonly TensorMemory<long> memory;

    /// <inheritdoc/>
    public IndexedBatch(Lattice lattice, Tensor scores, Tensor lengths)
        : base(lattice, scores, lengths)
    {
        offsets = (lattice.Arcs as BandedArcs)?.Offsets;
        if (lattice.Arcs is IndexedArcs indexed) memory = new(sources = indexed.Sources.contiguous());
    }

    /// <summary>Returns the state from which an arc comes; below 0 if there is none.</summary>
    public long Source(int slot, int utterance, int state) =>
        offsets is null ? memory[ArcsAt(0, slot, utterance) + state] : state - offsets[slot];
}
