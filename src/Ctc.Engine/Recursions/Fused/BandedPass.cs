using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ctc.Engine.Recursions.Fused.FrameByFrame;
using Ctc.Engine.Recursions.Fused.Memory;
using Ctc.Engine.Recursions.Fused.Numbers;

namespace Ctc.Engine.Recursions.Fused;

/// <summary>The passes over lattices whose arcs have at most three fixed lengths, in whole vectors of states.</summary>
/// <inheritdoc/>
internal class BandedPass<T> : UtterancePass<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
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
        taken = [new double[length], new double[length], new double[length]];
        Arcs = new ArcRows(length);
    }

    /// <summary>Gets the arcs of the frame last loaded.</summary>
    protected ArcRows Arcs { get; }

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
    protected override bool LoadArcs(int t) => Arcs.Load(batch, Utterance, t, States);

    /// <inheritdoc/>
    protected override void Enter(int t, FrameEmissions emissions, in StateRow sum)
    {
        (int first, int last) = Window(t);
        FrameStep.Enter(Row(t - 1), emissions, sum, Row(t), Arcs, Offsets, first, last);
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
        if (Arcs.Scored) Return<Yes>(t, take);
        else Return<No>(t, take);
    }

    /// <inheritdoc/>
    protected override void WriteArcs(TensorMemory<T> to, int frame)
    {
        for (int slot = 0; slot < batch.UsedSlots; slot++)
        {
            Write(taken[slot], to, batch.ArcsAt(frame, slot, Utterance));
            Array.Clear(taken[slot]);
        }
    }

    /// <summary>Adds the masses of the arcs into a frame.</summary>
    /// <param name="t">The frame, at least 1.</param>
    /// <param name="to">By slot and state.</param>
    protected virtual void Take<TArcs>(int t, double[][] to)
        where TArcs : IChoice
    {
        (int first, int last) = Window(t);
        FrameStep.Take<TArcs>(Row(t - 1), ref Shares[0], Arcs, Offsets, first, last, to);
    }

    /// <summary>Is called in the backward pass before the masses of frame t become those of frame t − 1.</summary>
    /// <param name="t">The frame, at least 1.</param>
    /// <param name="exponents">Those of the sums of <see cref="UtterancePass{T}.Shares"/>.</param>
    protected virtual void Leaving<TArcs>(int t, ref double exponents)
        where TArcs : IChoice
    {
    }

    private void Return<TArcs>(int t, bool take)
        where TArcs : IChoice
    {
        (int first, int last) = Window(t);
        (int firstBefore, int lastBefore) = Window(t - 1);
        StateRow sum = Sums(t, out bool areKept);
        if (!areKept) FrameStep.Sum<TArcs>(Row(t - 1), sum, Arcs, Offsets, first, last);
        FrameStep.Share(ref Mass[0], ref sum.Mantissa, ref Shares[0], first, last);
        if (take) Take<TArcs>(t, taken);
        Silence(sum, firstBefore, first);
        Silence(sum, last + 1, lastBefore + Reach);
        Leaving<TArcs>(t, ref sum.Exponent);
        FrameStep.Return<TArcs>(Row(t - 1), new StateRow(ref Shares[0], ref sum.Exponent), ref Mass[0], Arcs, Offsets, firstBefore, lastBefore);
        Mass.AsSpan(0, firstBefore).Clear();
        Mass.AsSpan(lastBefore + 1, last - lastBefore + ExtendedRange.Lanes).Clear();

        // Around a window shares are 0, as far as the frame before reads.
        void Silence(in StateRow row, int from, int to)
        {
            if (to <= from) return;
            Shares.AsSpan(from, to - from).Clear();
            MemoryMarshal.CreateSpan(ref Unsafe.Add(ref row.Exponent, from), to - from).Fill(double.PositiveInfinity);
        }
    }
}
