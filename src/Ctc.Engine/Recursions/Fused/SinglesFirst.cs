using Ctc.Engine.Recursions.Fused.Memory;
using Ctc.Engine.Recursions.Fused.Results;
using Ctc.Engine.Recursions.Fused.Singles;

namespace Ctc.Engine.Recursions.Fused;

/// <summary>Computes in float32, and in double the utterances whose numbers float32 may not hold.</summary>
internal sealed class SinglesFirst : IPass<float>
{
    private readonly List<Lazy<SinglePass>> singles = []; // the fastest first; all give the same bits
    private readonly Lazy<IPass<float>> doubles;
    private SinglePass? last; // that took the utterance; null if it was computed in double

    /// <param name="batch">The batch.</param>
    /// <param name="rows">The number of frames whose α is kept: that of the longest utterance, or 0 without a backward pass.</param>
    /// <param name="outputs">The outputs of the backward pass, if there is one.</param>
    /// <param name="limit">The memory of α beyond which it is kept in blocks, in bytes.</param>
    public SinglesFirst(BandedBatch<float> batch, int rows, PosteriorMemory<float>? outputs, long limit)
    {
        bool ofTokens = outputs is null or { First: null, Last: null, Posterior.ByState: false };
        if (ofTokens && SinglePass.MayBeWoven(batch)) singles.Add(new(() => SinglePass.OverWovenTargets(batch, rows, limit)));
        singles.Add(new(() => SinglePass.OverBands(batch, rows, limit)));
        if (outputs?.Arcs is not null) singles.Clear(); // the expectations of arcs are sums over frames, whose errors add up
        doubles = new(() => DoublePass.Create(batch, rows, limit));
    }

    /// <inheritdoc/>
    public double Forward(int which)
    {
        for (int i = 0; i < singles.Count; i++)
        {
            last = singles[i].Value;
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
}
