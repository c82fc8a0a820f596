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

    /// <summary>Returns whether the arcs of two utterances have the same sources and scores; if scores depend on time, the same sources.</summary>
    public bool AreAlike(int one, int other)
    {
        for (int slot = 0; slot < UsedSlots; slot++)
        {
            (long a, long b) = (ArcsAt(0, slot, one), ArcsAt(0, slot, other));
            if (offsets is null && !memory.Slice(a, States).SequenceEqual(memory.Slice(b, States))) return false;
            if (!Timed && !ArcScores.Slice(a, States).SequenceEqual(ArcScores.Slice(b, States))) return false;
        }

        return true;
    }
}
