using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ctc.Engine.Recursions.Fused.FrameByFrame;
using Ctc.Engine.Recursions.Fused.Memory;
using Ctc.Engine.Recursions.Fused.Numbers;

namespace Ctc.Engine.Recursions.Fused;

/// <summary>The passes over lattices whose arcs have at most three fixed lengths, in whole vectors of states.</summary>
/// <inheritdoc/>
internal class BandedPass<T, TLanes> : UtterancePass<T, TLanes>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TLanes : struct, IDoubleLanes<TLanes>
{
    private readonly BandedBatch<T> batch;
    private readonly int reach;
    private readonly double[][] taken;

    /// <param name="batch">The batch.</param>
    /// <param name="rows">The number of frames whose α is kept: that of the longest utterance, or 0 without a backward pass.</param>
    /// <param name="limit">The memory of α beyond which it is kept in blocks, in bytes.</param>
    public BandedPass(BandedBatch<T> batch, int rows, long limit)
        : base(batch, rows, limit, batch.Offsets.Max())
    {
        this.batch = batch;
        reach = batch.Offsets.Max();
        int length = Mass.Length;
        Shares = new double[length];
        taken = [new double[length], new double[length], new double[length]];
        Arcs = new DoubleArcs(length);
    }

    /// <summary>Gets the mass of each state over its sum; 0 around the window, as far as the frame before reads.</summary>
    protected double[] Shares { get; }

    /// <summary>Gets the arcs of the frame last loaded.</summary>
    protected DoubleArcs Arcs { get; }

    /// <summary>Gets the lengths of the arcs by slot.</summary>
    protected int[] Offsets => batch.Offsets;

    /// <summary>Gets how far vectors read beyond a window.</summary>
    protected int Reach => reach + ExtendedRange.Lanes;

    /// <inheritdoc/>
    protected override ReadOnlySpan<int> ArcLengths => batch.Offsets.AsSpan(0, batch.UsedSlots);

    /// <inheritdoc/>
    /// <remarks>No arc leads back, so states after the last one in which a path may end are on no path.</remarks>
    protected override int CountStates(ReadOnlySpan<double> scores) => scores.LastIndexOfAnyExcept(double.NegativeInfinity) + 1;

    /// <inheritdoc/>
    protected override bool LoadArcs(int t) => Arcs.Load<T, TLanes>(batch, Utterance, t, States);

    /// <inheritdoc/>
    protected override void Enter(int t, FrameEmissions<TLanes> emissions, in StateRow<double> sum)
    {
        (int first, int last) = Window(t);
        FrameStep<TLanes>.Enter(Row(t - 1), emissions, sum, Row(t), Arcs, Offsets, first, last);
    }

    /// <inheritdoc/>
    protected override void Close(int t)
    {
        (int first, int last) = Window(t);
        Silence(t, first - reach, reach);
        Silence(t, last + 1, Reach);
    }

    /// <inheritdoc/>
    protected override void Return(int t, bool take)
    {
        (int first, int last) = Window(t);
        (int firstBefore, int lastBefore) = Window(t - 1);
        StateRow<double> sum = Sums(t, out bool areKept);
        if (!areKept) FrameStep<TLanes>.Sum(Row(t - 1), sum, Arcs, Offsets, first, last);
        Share(t, ref sum.Mantissa);
        if (take) Take(t, taken);
        Silence(sum, firstBefore, first - firstBefore);
        Silence(sum, last + 1, lastBefore + Reach - last - 1);
        Leave(t, new StateRow<double>(ref Shares[0], ref sum.Exponent));
        Mass.AsSpan(lastBefore + 1, last - lastBefore + ExtendedRange.Lanes).Clear();
    }

    /// <inheritdoc/>
    protected override void WriteArcs(TensorMemory<T> to, int frame)
    {
        (int first, int last) = Batch.ByFrame ? Window(frame) : (0, States - 1);
        for (int slot = 0; slot < batch.UsedSlots; slot++)
        {
            long row = batch.ArcsAt(frame, slot, Utterance);
            double[] own = taken[slot];
            for (int s = first; s <= last; s++) to[row + s] = T.CreateTruncating(own[s]);
            Array.Clear(own, first, last + 1 - first);
        }
    }

    /// <summary>Computes the shares of a frame.</summary>
    /// <param name="t">The frame, at least 1.</param>
    /// <param name="sum">The sums of its states.</param>
    protected virtual void Share(int t, ref double sum)
    {
        (int first, int last) = Window(t);
        FrameStep<TLanes>.Share(ref Mass[0], ref sum, ref Shares[0], first, last);
    }

    /// <summary>Adds the masses of the arcs into a frame.</summary>
    /// <param name="t">The frame, at least 1.</param>
    /// <param name="to">By slot and state.</param>
    protected virtual void Take(int t, double[][] to)
    {
        (int first, int last) = Window(t);
        FrameStep<TLanes>.Take(Row(t - 1), ref Shares[0], Arcs, Offsets, first, last, to);
    }

    /// <summary>Sets the shares around a window to 0, as far as the frame before reads.</summary>
    /// <param name="sum">The sums of the states.</param>
    /// <param name="from">The first state.</param>
    /// <param name="count">The number of states; 0 or less for none.</param>
    protected virtual void Silence(in StateRow<double> sum, int from, int count)
    {
        if (count <= 0) return;
        Shares.AsSpan(from, count).Clear();
        MemoryMarshal.CreateSpan(ref Unsafe.Add(ref sum.Exponent, from), count).Fill(double.PositiveInfinity);
    }

    /// <summary>Computes the masses of frame t − 1 from the shares of frame t.</summary>
    /// <param name="t">The frame, at least 1.</param>
    /// <param name="shares">The shares, with the exponents of the sums.</param>
    protected virtual void Leave(int t, in StateRow<double> shares)
    {
        (int first, int last) = Window(t - 1);
        FrameStep<TLanes>.Return(Row(t - 1), shares, ref Mass[0], Arcs, Offsets, first, last);
    }
}
