using System.Numerics;

namespace Ctc.Engine.Recursions.Fused.Memory;

/// <summary>The memory of a batch of lattices whose arcs have at most three fixed lengths.</summary>
/// <inheritdoc/>
internal sealed class BandedBatch<T> : LatticeBatch<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The number of slots. The arcs of those that a lattice does not use have probability 0.</summary>
    public const int Slots = 3;

    /// <inheritdoc/>
    public BandedBatch(Lattice lattice, Tensor scores, Tensor lengths)
        : base(lattice, scores, lengths)
    {
        IReadOnlyList<int> offsets = ((BandedArcs)lattice.Arcs).Offsets;
        Offsets = [.. offsets.Select(offset => Math.Min(offset, States)), .. Enumerable.Repeat(0, Slots - UsedSlots)];
    }

    /// <summary>Gets the length of the arcs in each slot, at most S.</summary>
    public int[] Offsets { get; }

    /// <summary>Returns whether a lattice is of this kind.</summary>
    public static bool Takes(Lattice lattice) => lattice.Arcs is BandedArcs { Offsets.Count: > 0 and <= Slots };
}
