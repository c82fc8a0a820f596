using System.Runtime.Intrinsics;
using Ctc.Engine.Recursions.Fused.Memory;
using Ctc.Engine.Recursions.Fused.Numbers;
using Ctc.Engine.Recursions.Fused.Results;
using Ctc.Engine.Recursions.Fused.Singles;
using Ctc.Engine.Recursions.Fused.Singles.Banded;
using Ctc.Engine.Recursions.Fused.Singles.Woven;

namespace Ctc.Engine.Recursions.Fused;

/// <summary>Computes in float32, and in double the utterances whose numbers float32 may not hold.</summary>
/// <remarks>The passes in float32 give the same bits; the first that takes an utterance is the fastest.</remarks>
internal sealed class SinglesFirst : IPass<float>
{
    private readonly List<Lazy<SinglePass>> singles = [];
    private readonly Lazy<IPass<float>> doubles;
    private SinglePass? last; // that took the utterance; null if it was computed in double

    /// <param name="batch">The batch.</param>
    /// <param name="rows">The number of frames whose α is kept: that of the longest utterance, or 0 without a backward pass.</param>
    /// <param name="outputs">The outputs of the backward pass, if there is one.</param>
    /// <param name="limit">The memory of α beyond which it is kept in blocks, in bytes.</param>
    public SinglesFirst(BandedBatch<float> batch, int rows, PosteriorMemory<float>? outputs, long limit)
    {
        doubles = new(() => DoublePass.Create(batch, rows, limit));
        if (outputs?.Arcs is not null) return; // the expectations of arcs are sums over frames, whose errors add up
        bool ofTokens = outputs is null or { First: null, Last: null, Posterior.ByState: false };
        if (ofTokens && MayBeWoven(batch)) singles.Add(new(() => Woven(batch, rows, limit)));
        singles.Add(new(() => Banded(batch, rows, limit)));
    }

    /// <inheritdoc/>
    public double Forward(int which)
    {
        foreach (Lazy<SinglePass> pass in singles)
        {
            last = pass.Value;
            if (last.Forward(which) is { } total) return total;
        }

        last = null;
        return doubles.Value.Forward(which);
    }

    /// <inheritdoc/>
    public void Backward(PosteriorMemory<float> to)
    {
        if (last is null) doubles.Value.Backward(to);
        else last.Backward(to);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Lazy<SinglePass> pass in singles.Where(pass => pass.IsValueCreated)) pass.Value.Dispose();
        if (doubles.IsValueCreated) doubles.Value.Dispose();
    }

    private static bool MayBeWoven(BandedBatch<float> batch) =>
        batch.UsedSlots == BandedBatch<float>.Slots && batch.Offsets is [0, 1, 2] && !batch.Timed;

    private static SinglePass Woven(BandedBatch<float> batch, int rows, long limit)
    {
        if (Vector512.IsHardwareAccelerated) return new WovenSinglePass<Lanes512>(batch, rows, limit);
        return Vector256.IsHardwareAccelerated
            ? new WovenSinglePass<Lanes256>(batch, rows, limit)
            : new WovenSinglePass<Lanes128>(batch, rows, limit);
    }

    private static SinglePass Banded(BandedBatch<float> batch, int rows, long limit)
    {
        if (Vector512.IsHardwareAccelerated) return new BandedSinglePass<Lanes512>(batch, rows, limit);
        return Vector256.IsHardwareAccelerated
            ? new BandedSinglePass<Lanes256>(batch, rows, limit)
            : new BandedSinglePass<Lanes128>(batch, rows, limit);
    }
}
