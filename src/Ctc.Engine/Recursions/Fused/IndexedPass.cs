using System.Numerics;
using Ctc.Engine.Recursions.Fused.FrameByFrame;
using Ctc.Engine.Recursions.Fused.Memory;
using Ctc.Engine.Recursions.Fused.Numbers;

namespace Ctc.Engine.Recursions.Fused;

/// <summary>The passes over lattices with arcs between any states: graphs, lexica, denominators.</summary>
/// <inheritdoc/>
internal sealed class IndexedPass<T> : UtterancePass<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly PackedArcs<T> arcs;
    private readonly GatherStep<T> step;
    private readonly double[] masses;
    private double[] taken = [];

    /// <param name="batch">The batch.</param>
    /// <param name="rows">The number of frames whose α is kept: that of the longest utterance, or 0 without a backward pass.</param>
    /// <param name="limit">The memory of α beyond which it is kept in blocks, in bytes.</param>
    public IndexedPass(IndexedBatch<T> batch, int rows, long limit)
        : base(batch, rows, limit, reach: ExtendedRange.Lanes)
    {
        masses = new double[Mass.Length + ExtendedRange.Lanes];
        arcs = new PackedArcs<T>(batch);
        step = new GatherStep<T>(arcs);
    }

    /// <inheritdoc/>
    protected override ReadOnlySpan<int> ArcLengths => arcs.Lengths;

    /// <inheritdoc/>
    protected override int CountStates(ReadOnlySpan<double> scores) => scores.Length;

    /// <inheritdoc/>
    protected override void Arrange() => arcs.Arrange(Utterance);

    /// <inheritdoc/>
    protected override bool LoadArcs(int t)
    {
        if (!arcs.Load(Utterance, t)) return false;
        if (taken.Length < arcs.Mantissas.Length) Array.Resize(ref taken, arcs.Mantissas.Length);
        return true;
    }

    /// <inheritdoc/>
    protected override void Enter(int t, FrameEmissions emissions, in StateRow sum)
    {
        (int first, int last) = Window(t);
        step.Enter(Row(t - 1), emissions, sum, Row(t), first, last);
    }

    /// <inheritdoc/>
    /// <remarks>The next frame may read any state, and vectors around them.</remarks>
    protected override void Close(int t)
    {
        (int first, int last) = Window(t);
        Silence(t, -ExtendedRange.Lanes, first + ExtendedRange.Lanes);
        Silence(t, last + 1, States - 1 - last + ExtendedRange.Lanes);
    }

    /// <inheritdoc/>
    protected override void Return(int t, bool take)
    {
        (int first, int last) = Window(t);
        StateRow sum = Sums(t, out bool areKept);
        if (!areKept) step.Sum(Row(t - 1), sum, first, last);
        Shares.AsSpan(first & -ExtendedRange.Lanes, ExtendedRange.Lanes).Clear();
        FrameStep.Share(ref Mass[0], ref sum.Mantissa, ref Shares[0], first, last);
        if (last + 1 < Shares.Length) Shares.AsSpan(last + 1, Math.Min(ExtendedRange.Lanes, Shares.Length - last - 1)).Clear();
        Array.Clear(masses);
        step.Return(Row(t - 1), sum, ref Shares[0], ref masses[ExtendedRange.Lanes], take ? taken : [], first, last);
        masses.AsSpan(ExtendedRange.Lanes, States).CopyTo(Mass);
    }

    /// <inheritdoc/>
    protected override void WriteArcs(TensorMemory<T> to, int frame)
    {
        for (int first = 0; first < States; first += ExtendedRange.Lanes)
        {
            (int from, int end) = arcs.Rows(first);
            for (int place = from * ExtendedRange.Lanes; place < end * ExtendedRange.Lanes; place++)
            {
                if (arcs.Slot(place) is var slot && slot < 0) continue;
                to[Batch.ArcsAt(frame, slot, Utterance) + first + (place % ExtendedRange.Lanes)] = T.CreateTruncating(taken[place]);
                taken[place] = 0;
            }
        }
    }
}
