using Ctc.Engine.Recursions.Fused.Memory;
using Ctc.Engine.Recursions.Fused.Results;
using Ctc.Engine.Recursions.Fused.Singles;

namespace Ctc.Engine.Recursions.Fused;

/// <summary>Computes in float32, and in double the utterances whose numbers float32 may not hold.</summary>
/// <param name="batch">The batch.</param>
/// <param name="rows">The number of frames whose α is kept: that of the longest utterance, or 0 without a backward pass.</param>
/// <param name="allInDouble">Whether nothing is computed in float32: the expectations of arcs are sums over frames, whose errors add up.</param>
/// <param name="limit">The memory of α beyond which it is kept in blocks, in bytes.</param>
internal sealed class SinglesFirst(BandedBatch<float> batch, int rows, bool allInDouble, long limit) : IPass<float>
{
    private readonly SinglePass? singles = allInDouble ? null : SinglePass.Create(batch, rows, limit);
    private IPass<float>? doubles;
    private bool inDouble;

    /// <inheritdoc/>
    public double Forward(int which)
    {
        double? total = singles?.Forward(which);
        inDouble = total is null;
        return total ?? (doubles ??= DoublePass.Create(batch, rows, limit)).Forward(which);
    }

    /// <inheritdoc/>
    public void Backward(PosteriorMemory<float> to)
    {
        if (inDouble) doubles!.Backward(to);
        else singles!.Backward(to);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        singles?.Dispose();
        doubles?.Dispose();
    }
}
