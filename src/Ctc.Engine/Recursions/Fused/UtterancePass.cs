using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Ctc.Engine.Frames;
using Ctc.Engine.Recursions.Fused.FrameByFrame;
using Ctc.Engine.Recursions.Fused.Memory;
using Ctc.Engine.Recursions.Fused.Numbers;
using Ctc.Engine.Recursions.Fused.Results;

namespace Ctc.Engine.Recursions.Fused;

/// <summary>The forward pass of one utterance at a time, and if occupancies are wanted the backward pass. One instance for each thread.</summary>
/// <remarks>
/// O(N·S) time and memory for an utterance of N frames, beyond a limit O(√N·S) memory (<see cref="FrameBlocks"/>); without the backward pass O(S)
/// memory. Nothing is allocated in a frame.
/// </remarks>
/// <typeparam name="T">float or double: the type of inputs and outputs. All computations are in double.</typeparam>
internal class UtterancePass<T> : IPass<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int FramesAhead = 4;

    // Sums that fit there beside α are kept for the backward pass; others are faster to recompute than to load.
    private const long Cache = 1 << 20;

    private readonly FrameBlocks blocks;
    private readonly FrameRows<double> mantissas, exponents;
    private readonly int reach, lead, stride, sumRows;
    private readonly double[] sums, sumExponents, starts, ends, startMantissas, startExponents, occupancy;
    private readonly double[][] taken;
    private readonly T[] own;
    private readonly FrameEmissions emissions;
    private int utterance, frames, states;
    private StateWindow window;

    /// <param name="batch">The batch.</param>
    /// <param name="rows">The number of frames whose α is kept: that of the longest utterance, or 0 without a backward pass.</param>
    /// <param name="limit">The memory of α beyond which it is kept in blocks, in bytes.</param>
    public UtterancePass(BandedBatch<T> batch, int rows, long limit)
    {
        Batch = batch;
        reach = batch.Offsets.Max();
        int length = (batch.States + reach + (2 * ExtendedRange.Lanes)) & -ExtendedRange.Lanes;
        lead = (Math.Max(reach, 1) + ExtendedRange.Lanes - 1) & -ExtendedRange.Lanes;
        stride = lead + length;
        double bytes = 2.0 * sizeof(double) * stride;
        blocks = rows == 0 ? FrameBlocks.Two : FrameBlocks.For(rows, bytes, bytes, limit);
        (mantissas, exponents) = (new FrameRows<double>(blocks, stride), new FrameRows<double>(blocks, stride));
        sumRows = blocks.Checkpoints == 0 && 2 * bytes * blocks.Rows <= Cache ? blocks.Rows : 2;
        sums = ArrayPool<double>.Shared.Rent(sumRows * stride);
        sumExponents = ArrayPool<double>.Shared.Rent(sumRows * stride);
        (Mass, Shares) = (new double[length], new double[length]);
        (starts, ends, startMantissas, startExponents) = (new double[length], new double[length], new double[length], new double[length]);
        taken = [new double[length], new double[length], new double[length]];
        Labels = new UtteranceLabels(batch.Tokens, batch.States);
        emissions = new FrameEmissions(Labels, batch.States);
        Arcs = new ArcRows(length);
        (occupancy, own) = (new double[UtteranceLabels.Room(2 * batch.States)], new T[UtteranceLabels.Room(2 * batch.States)]);
    }

    /// <summary>Runs the forward pass of an utterance.</summary>
    /// <param name="which">The utterance.</param>
    /// <returns>ln Z; −∞ if no path explains the frames, NaN if a score is NaN or +∞. Undefined for a length of 0.</returns>
    public virtual double Forward(int which)
    {
        (utterance, frames) = (which, (int)Batch.Lengths[which]);
        if (!Batch.ReadStates(Batch.Initial, which, starts) || !Batch.ReadStates(Batch.Final, which, ends)) return double.NaN;
        window = new StateWindow(Batch.Offsets.AsSpan(0, Batch.UsedSlots), starts.AsSpan(0, Batch.States), ends.AsSpan(0, Batch.States), frames);
        if (frames == 0 || window.IsEmpty) return double.NegativeInfinity;
        states = ends.AsSpan(0, Batch.States).LastIndexOfAnyExcept(double.NegativeInfinity) + 1;
        Labels.Load(Batch.Labels.Slice(Batch.StatesAt(utterance), states));
        ArcRows.Exp(starts, startMantissas, startExponents);
        if (!Batch.Timed && !Arcs.Load(Batch, utterance, 0, states)) return double.NaN;
        (int first, int last) = window.At(0);
        if (last < first) return double.NegativeInfinity;
        Begin();
        for (int t = 1; t < frames; t++)
        {
            if (!LoadArcs(t)) return double.NaN;
            Close(t - 1);
            if (blocks.Ends(t - 1)) Keep(t - 1);
            Enter(t);
        }

        return End();
    }

    /// <summary>Runs the backward pass of the utterance of the last forward pass. Some path must explain it.</summary>
    /// <param name="to">The outputs: occupancies, and the expectations that are wanted.</param>
    public virtual void Backward(PosteriorMemory<T> to)
    {
        to.Posterior.Begin(utterance, Labels.Tokens.AsSpan(0, Labels.Count));
        double[] amounts = Amounts(frames - 1);
        if (to.Last is { } final) Write(amounts, final, Batch.StatesAt(utterance));
        Collect(amounts, to, frames - 1);
        for (int t = frames - 1; t > 0; t--)
        {
            if (blocks.Ends(t - 1)) Recompute(blocks.Of(t - 1));
            LoadArcs(t);
            if (Arcs.Scored) Return<Yes>(t, to.Arcs is not null);
            else Return<No>(t, to.Arcs is not null);
            if (Batch.Timed && to.Arcs is { } entered) WriteArcs(entered, t);
            amounts = Amounts(t - 1);
            Collect(amounts, to, t - 1);
        }

        if (to.First is { } initial) Write(amounts, initial, Batch.StatesAt(utterance));
        if (!Batch.Timed && to.Arcs is { } all) WriteArcs(all, 0);
    }

    /// <inheritdoc/>
    public virtual void Dispose()
    {
        mantissas.Dispose();
        exponents.Dispose();
        ArrayPool<double>.Shared.Return(sums);
        ArrayPool<double>.Shared.Return(sumExponents);
    }

    /// <summary>Gets the batch.</summary>
    protected BandedBatch<T> Batch { get; }

    /// <summary>Gets the arcs of the frame last loaded.</summary>
    protected ArcRows Arcs { get; }

    /// <summary>Gets the tokens of the utterance.</summary>
    protected UtteranceLabels Labels { get; }

    /// <summary>Gets, in the backward pass, the mass of each state in the frame; 0 outside of the window.</summary>
    protected double[] Mass { get; }

    /// <summary>Gets the mass of each state over its sum; 0 around the window, as far as the frame before reads.</summary>
    protected double[] Shares { get; }

    /// <summary>Gets the frames whose α is held.</summary>
    protected FrameBlocks Blocks => blocks;

    /// <summary>Gets the number of values in a row of α, and that of the zeros before its first state.</summary>
    protected (int Length, int Lead) RowSize => (stride, lead);

    /// <summary>Gets how far vectors read beyond a window.</summary>
    protected int Reach => reach + ExtendedRange.Lanes;

    /// <summary>Gets the utterance.</summary>
    protected int Utterance => utterance;

    /// <summary>Gets the number of its states up to the last one in which a path may end.</summary>
    protected int States => states;

    /// <summary>Returns the first and the last state that may be on a path in a frame.</summary>
    protected (int First, int Last) Window(int t) => window.At(t);

    /// <summary>Returns α of a frame.</summary>
    protected StateRow Row(int t) => new(ref mantissas.At(t, lead), ref exponents.At(t, lead));

    /// <summary>Loads the arcs into a frame, if they depend on time.</summary>
    /// <returns>Whether all scores are below +∞ and none is NaN.</returns>
    protected virtual bool LoadArcs(int t) => !Batch.Timed || Arcs.Load(Batch, utterance, t, states);

    /// <summary>Is called in the forward pass after α of a frame.</summary>
    protected virtual void Entered(int t)
    {
    }

    /// <summary>Returns what is summed by token in a frame of the backward pass: the masses of the states.</summary>
    protected virtual double[] Amounts(int t) => Mass;

    /// <summary>Adds the masses of the arcs into a frame.</summary>
    /// <param name="t">The frame, at least 1.</param>
    /// <param name="taken">By slot and state.</param>
    protected virtual void Take<TArcs>(int t, double[][] taken)
        where TArcs : IChoice
    {
        (int first, int last) = window.At(t);
        FrameStep.Take<TArcs>(Row(t - 1), ref Shares[0], Arcs, Batch.Offsets, first, last, taken);
    }

    /// <summary>Is called in the backward pass before the masses of frame t become those of frame t − 1.</summary>
    /// <param name="t">The frame, at least 1.</param>
    /// <param name="exponents">Those of the sums of <see cref="Shares"/>.</param>
    protected virtual void Leaving<TArcs>(int t, ref double exponents)
        where TArcs : IChoice
    {
    }

    /// <summary>Keeps what the last frame of a block holds, when the next block begins.</summary>
    protected virtual void Keep(int t)
    {
        mantissas.Keep(t);
        exponents.Keep(t);
    }

    /// <summary>Restores the last frame of a block.</summary>
    protected virtual void Restore(int t)
    {
        mantissas.Restore(t);
        exponents.Restore(t);
    }

    private StateRow StartRow => new(ref startMantissas[0], ref startExponents[0]);

    private StateRow SumRow(int t)
    {
        int start = t % sumRows * stride;
        return new(ref sums[start], ref sumExponents[start]);
    }

    private long ScoresAt(int t) => Batch.ScoresAt(t, utterance);

    private void Begin()
    {
        (int first, int last) = window.At(0);
        emissions.Load(Batch.Scores, ScoresAt(0), ScoresAt(FramesAhead), first, last);
        FrameStep.Begin(StartRow, emissions, Row(0), first, last);
        Entered(0);
    }

    private void Enter(int t)
    {
        (int first, int last) = window.At(t);
        emissions.Load(Batch.Scores, ScoresAt(t), ScoresAt(t + FramesAhead), first, last);
        FrameStep.Enter(Row(t - 1), emissions, SumRow(t), Row(t), Arcs, Batch.Offsets, first, last);
        Entered(t);
    }

    // α of the frames of a block, to its last one, after which another block has been computed.
    private void Recompute(int block)
    {
        int start = blocks.Start(block), end = blocks.Start(block + 1) - 1;
        if (block == 0) Begin();
        else Restore(start - 1);
        for (int t = Math.Max(start, 1); t <= end; t++)
        {
            LoadArcs(t);
            if (t > start) Close(t - 1);
            Enter(t);
        }

        Close(end);
    }

    // Around a window α is zero, as far as the next frame reads.
    private void Close(int t)
    {
        (int first, int last) = window.At(t);
        Silence(first - reach, reach);
        Silence(last + 1, reach + ExtendedRange.Lanes);

        void Silence(int from, int count)
        {
            mantissas.Slice(t, lead + from, count).Fill(1);
            exponents.Slice(t, lead + from, count).Fill(double.NegativeInfinity);
        }
    }

    // Sums over the last states, and stores their shares in Mass.
    private double End()
    {
        (int first, int last) = window.At(frames - 1);
        StateRow alpha = Row(frames - 1);
        Array.Clear(Mass);
        double largest = ExtendedRange.Floor;
        for (int s = first; s <= last; s++)
        {
            ends[s] += Math.Log(Unsafe.Add(ref alpha.Mantissa, s)) + (Unsafe.Add(ref alpha.Exponent, s) * ExtendedRange.LogTwo);
            largest = Math.Max(largest, ends[s]);
        }

        double sum = 0;
        for (int s = first; s <= last; s++) sum += Mass[s] = Math.Exp(ends[s] - largest);
        for (int s = first; s <= last; s++) Mass[s] /= Math.Max(sum, 0.5);
        return largest + Math.Log(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Collect(double[] amounts, PosteriorMemory<T> to, int t)
    {
        (int first, int last) = window.At(t);
        int room = UtteranceLabels.Room(Labels.Count);
        ref double sums = ref occupancy[0], states = ref amounts[0];
        occupancy.AsSpan(0, room).Clear();
        Unsafe.Add(ref sums, Labels.Common) = FrameStep.MaskedSum(ref states, ref Labels.CommonMask[0], first, last);
        Labels.Within(first, last);
        ReadOnlySpan<int> others = Labels.Others.AsSpan(Labels.From, Labels.To - Labels.From);
        ReadOnlySpan<int> numbers = Labels.OtherNumbers.AsSpan(Labels.From, others.Length);
        for (int i = 0; i < others.Length; i++) Unsafe.Add(ref sums, numbers[i]) += Unsafe.Add(ref states, others[i]);
        for (int i = 0; i < room; i++) own[i] = T.CreateTruncating(occupancy[i]);
        to.Posterior.Write(to.Shares, utterance, t, own);
    }

    private void Return<TArcs>(int t, bool take)
        where TArcs : IChoice
    {
        (int first, int last) = window.At(t);
        (int firstBefore, int lastBefore) = window.At(t - 1);
        int behind = lastBefore + reach + ExtendedRange.Lanes;
        StateRow sum = SumRow(t);
        if (sumRows < blocks.Rows) FrameStep.Sum<TArcs>(Row(t - 1), sum, Arcs, Batch.Offsets, first, last);
        FrameStep.Share(ref Mass[0], ref sum.Mantissa, ref Shares[0], first, last);
        if (take) Take<TArcs>(t, taken);
        Silence(sum, firstBefore, first);
        Silence(sum, last + 1, behind);
        Leaving<TArcs>(t, ref sum.Exponent);
        FrameStep.Return<TArcs>(Row(t - 1), new StateRow(ref Shares[0], ref sum.Exponent), ref Mass[0], Arcs, Batch.Offsets, firstBefore, lastBefore);
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

    private void WriteArcs(TensorMemory<T> to, int frame)
    {
        for (int slot = 0; slot < Batch.UsedSlots; slot++)
        {
            Write(taken[slot], to, Batch.ArcsAt(frame, slot, utterance));
            Array.Clear(taken[slot]);
        }
    }

    private void Write(double[] row, TensorMemory<T> to, long start)
    {
        for (int s = 0; s < states; s++) to[start + s] = T.CreateTruncating(row[s]);
    }
}
