using System.Numerics;
using Ctc.Engine.Recursions.Fused.FrameByFrame;
using Ctc.Engine.Recursions.Fused.Memory;
using Ctc.Engine.Recursions.Fused.Numbers;

namespace Ctc.Engine.Recursions.Fused;

/// <summary>The passes over lattices with arcs between any states: graphs, lexica, denominators.</summary>
/// <inheritdoc/>
internal sealed class IndexedPass<T, TLanes> : UtterancePass<T, TLanes>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TLanes : struct, IDoubleLanes<TLanes>
{
    private readonly PackedArcs<T> arcs;
    private readonly GatherStep<TLanes> step;
    private readonly LevelStep<TLanes> levelStep;
    private readonly double[] masses, shares; // with a vector of zeros before the first state
    private double[] taken = [];

    /// <param name="batch">The batch.</param>
    /// <param name="rows">The number of frames whose α is kept: that of the longest utterance, or 0 without a backward pass.</param>
    /// <param name="limit">The memory of α beyond which it is kept in blocks, in bytes.</param>
    public IndexedPass(IndexedBatch<T> batch, int rows, long limit)
        : base(batch, rows, limit, reach: ExtendedRange.Lanes)
    {
        (masses, shares) = (new double[Mass.Length + ExtendedRange.Lanes], new double[Mass.Length + ExtendedRange.Lanes]);
        arcs = new PackedArcs<T>(batch);
        step = new GatherStep<TLanes>(arcs.Incoming);
        levelStep = new LevelStep<TLanes>(arcs.Incoming, arcs.Outgoing, batch.States);
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
        if (!arcs.Load<TLanes>(Utterance, t)) return false;
        if (taken.Length < arcs.Incoming.Numbers.Length) Array.Resize(ref taken, arcs.Incoming.Numbers.Length);
        return true;
    }

    /// <inheritdoc/>
    protected override void Enter(int t, FrameEmissions<TLanes> emissions, in StateRow<double> sum)
    {
        (int first, int last) = Window(t);
        if (IsLevel(t)) levelStep.Sum(sum, first, last);
        else step.Sum(Row(t - 1), sum, first, last);
        GatherStep<TLanes>.Emit(emissions, sum, Row(t), first, last);
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
        (int firstBefore, int lastBefore) = Window(t - 1);
        StateRow<double> sum = Sums(t, out bool areKept);
        bool isLevel = IsLevel(t);
        if (!areKept && isLevel) levelStep.Sum(sum, first, last);
        else if (!areKept) step.Sum(Row(t - 1), sum, first, last);
        Array.Clear(shares);
        FrameStep<TLanes>.Share(ref Mass[0], ref sum.Mantissa, ref shares[ExtendedRange.Lanes], first, last);
        shares.AsSpan(ExtendedRange.Lanes + last + 1, ExtendedRange.Lanes).Clear();
        if (isLevel)
        {
            Array.Clear(Mass);
            levelStep.Return(ref shares[ExtendedRange.Lanes], ref Mass[0], firstBefore, lastBefore);
            if (take) levelStep.Take(ref shares[ExtendedRange.Lanes], taken, first, last);
            return;
        }

        Array.Clear(masses);
        step.Return(
            Row(t - 1), sum, ref shares[ExtendedRange.Lanes], ref masses[ExtendedRange.Lanes], take ? taken : [], first, last);
        masses.AsSpan(ExtendedRange.Lanes, States).CopyTo(Mass);
    }

    /// <inheritdoc/>
    protected override void WriteArcs(TensorMemory<T> to, int frame)
    {
        for (int place = 0; place < arcs.Incoming.Count * ExtendedRange.Lanes; place++)
        {
            if (arcs.Incoming.Arc(place) is var arc && arc < 0) continue;
            (int slot, int target) = arcs[arc];
            to[Batch.ArcsAt(frame, slot, Utterance) + target] = T.CreateTruncating(taken[place]);
            taken[place] = 0;
        }
    }

    private bool IsLevel(int t) => arcs.AreLevel && levelStep.Load(Row(t - 1));
}
