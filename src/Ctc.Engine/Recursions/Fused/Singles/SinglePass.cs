using System.Runtime.Intrinsics;
using Ctc.Engine.Recursions.Fused.Memory;
using Ctc.Engine.Recursions.Fused.Numbers;
using Ctc.Engine.Recursions.Fused.Results;
using Ctc.Engine.Recursions.Fused.Singles.Banded;
using Ctc.Engine.Recursions.Fused.Singles.Woven;

namespace Ctc.Engine.Recursions.Fused.Singles;

/// <summary>The forward and the backward pass of one utterance at a time in float32. One instance for each thread.</summary>
internal abstract class SinglePass : IDisposable
{
    /// <summary>Creates a pass over any arcs of fixed lengths, with the widest vectors of the processor.</summary>
    /// <inheritdoc cref="UtterancePass{T, TLanes}(LatticeBatch{T}, int, long, int)"/>
    public static SinglePass OverBands(BandedBatch<float> batch, int rows, long limit)
    {
        if (Vector512.IsHardwareAccelerated) return new BandedSinglePass<Lanes512>(batch, rows, limit);
        return Vector256.IsHardwareAccelerated
            ? new BandedSinglePass<Lanes256>(batch, rows, limit)
            : new BandedSinglePass<Lanes128>(batch, rows, limit);
    }

    /// <summary>Returns whether the arcs of a batch have the lengths of those of CTC, and one score for all frames.</summary>
    public static bool MayBeWoven(BandedBatch<float> batch) => batch.UsedSlots == 3 && batch.Offsets is [0, 1, 2] && !batch.Timed;

    /// <summary>Creates a pass over woven targets with unscored arcs, with the widest vectors of the processor.</summary>
    /// <inheritdoc cref="OverBands"/>
    public static SinglePass OverWovenTargets(BandedBatch<float> batch, int rows, long limit)
    {
        if (Vector512.IsHardwareAccelerated) return new WovenSinglePass<Lanes512>(batch, rows, limit);
        return Vector256.IsHardwareAccelerated
            ? new WovenSinglePass<Lanes256>(batch, rows, limit)
            : new WovenSinglePass<Lanes128>(batch, rows, limit);
    }

    /// <summary>Runs the forward pass of an utterance.</summary>
    /// <param name="which">The utterance.</param>
    /// <returns>ln Z, −∞ if no path explains the frames; null if this pass does not take the utterance.</returns>
    public abstract double? Forward(int which);

    /// <inheritdoc cref="IPass{T}.Backward"/>
    public abstract void Backward(PosteriorMemory<float> to);

    /// <inheritdoc/>
    public abstract void Dispose();
}
