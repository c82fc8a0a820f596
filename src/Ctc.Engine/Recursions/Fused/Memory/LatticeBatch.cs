using System.Numerics;
using System.Runtime.CompilerServices;

namespace Ctc.Engine.Recursions.Fused.Memory;

/// <summary>The memory of a batch of lattices and of its scores. Keeps the tensors alive.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal abstract class LatticeBatch<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Tensor[] kept;

    /// <param name="lattice">
    /// Of the type of the scores, and checked by <see cref="LatticeCheck"/>: indices are
    /// not checked here.
    /// </param>
    /// <param name="scores">[T, B, V].</param>
    /// <param name="lengths">[B] of type int64.</param>
    protected LatticeBatch(Lattice lattice, Tensor scores, Tensor lengths)
    {
        Tensor arcs = lattice.Arcs.Scores;
        UsedSlots = (int)arcs.shape[^3];
        ByFrame = arcs.dim() == 4;
        Timed = ByFrame && arcs.stride(0) != 0;
        if (ByFrame && !Timed) arcs = arcs.select(0, 0);
        kept = [scores.contiguous(), arcs.contiguous(), lattice.Initial.contiguous(), lattice.Final.contiguous(), lattice.Labels.contiguous()];
        (Scores, ArcScores, Initial, Final, Labels) = (new(kept[0]), new(kept[1]), new(kept[2]), new(kept[3]), new(kept[4]));
        (Frames, Utterances, Tokens, States) = ((int)scores.shape[0], (int)scores.shape[1], scores.shape[2], (int)lattice.Labels.shape[1]);
        Lengths = lengths.numel() == 0 ? [] : lengths.data<long>().ToArray();
    }

    /// <summary>Reads a lattice.</summary>
    /// <inheritdoc cref="LatticeBatch{T}(Lattice, Tensor, Tensor)"/>
    public static LatticeBatch<T> Create(Lattice lattice, Tensor scores, Tensor lengths) =>
        BandedBatch<T>.Takes(lattice) ? new BandedBatch<T>(lattice, scores, lengths) : new IndexedBatch<T>(lattice, scores, lengths);

    public TensorMemory<T> Scores { get; }

    public TensorMemory<T> ArcScores { get; }

    public TensorMemory<T> Initial { get; }

    public TensorMemory<T> Final { get; }

    public TensorMemory<long> Labels { get; }

    public int Frames { get; }

    public int Utterances { get; }

    public long Tokens { get; }

    public int States { get; }

    /// <summary>Gets the number of slots of the lattice.</summary>
    public int UsedSlots { get; }

    /// <summary>Gets whether arcs have scores for each frame, and so expectations for each frame.</summary>
    public bool ByFrame { get; }

    /// <summary>Gets whether these scores depend on time, and are not one row that is expanded.</summary>
    public bool Timed { get; }

    /// <summary>Gets the B lengths.</summary>
    public long[] Lengths { get; }

    /// <summary>Returns the position of the V scores of an utterance in a frame.</summary>
    public long ScoresAt(int frame, int utterance) => (((long)frame * Utterances) + utterance) * Tokens;

    /// <summary>Returns the position of the S arc scores of a slot, for the frame entered; the frame is 0 if they do not depend on time.</summary>
    public long ArcsAt(int frame, int slot, int utterance) => ((((long)frame * UsedSlots) + slot) * Utterances + utterance) * States;

    /// <summary>Returns the position of the S states of an utterance.</summary>
    public long StatesAt(int utterance) => (long)utterance * States;

    /// <summary>Reads the initial or the final scores of an utterance.</summary>
    /// <param name="from"><see cref="Initial"/> or <see cref="Final"/>.</param>
    /// <param name="utterance">The utterance.</param>
    /// <param name="to">Receives S numbers.</param>
    /// <returns>Whether all are below +∞ and none is NaN.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool ReadStates(TensorMemory<T> from, int utterance, double[] to)
    {
        bool good = true;
        ReadOnlySpan<T> scores = from.Slice(StatesAt(utterance), States);
        for (int s = 0; s < scores.Length; s++) good &= (to[s] = double.CreateTruncating(scores[s])) < double.PositiveInfinity;
        return good;
    }
}
