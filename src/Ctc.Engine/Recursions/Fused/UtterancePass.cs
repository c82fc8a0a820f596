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
/// O(N·S) time and memory for an utterance of N frames; without the backward pass O(S) memory. Nothing is allocated in a frame.
/// </remarks>
/// <typeparam name="T">float or double: the type of inputs and outputs. All computations are in double.</typeparam>
internal sealed class UtterancePass<T> : IPass<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int FramesAhead = 4;

    // Sums that fit there beside α are kept for the backward pass; others are faster to recompute than to load.
    private const long Cache = 1 << 20;

    private readonly BandedBatch<T> batch;
    private readonly int rows, reach, lead, stride, sumRows;
    private readonly double[] mantissas, exponents, sums, sumExponents, mass, shares, starts, ends, startMantissas, startExponents, occupancy;
    private readonly double[][] taken;
    private readonly T[] own;
    private readonly UtteranceLabels labels;
    private readonly FrameEmissions emissions;
    private readonly ArcRows arcs;
    private int utterance, frames, states;
    private StateWindow window;

    /// <param name="batch">The batch.</param>
    /// <param name="rows">The number of frames whose α is kept: that of the longest utterance, or 0 without a backward pass.</param>
    public UtterancePass(BandedBatch<T> batch, int rows)
    {
        this.batch = batch;
        this.rows = Math.Max(rows, 2);
        reach = batch.Offsets.Max();
        int length = (batch.States + reach + (2 * ExtendedRange.Lanes)) & -ExtendedRange.Lanes;
        lead = (Math.Max(reach, 1) + ExtendedRange.Lanes - 1) & -ExtendedRange.Lanes;
        stride = lead + length;
        mantissas = ArrayPool<double>.Shared.Rent(checked(this.rows * stride));
        exponents = ArrayPool<double>.Shared.Rent(checked(this.rows * stride));
        sumRows = 4L * sizeof(double) * this.rows * stride <= Cache ? this.rows : 2;
        sums = ArrayPool<double>.Shared.Rent(sumRows * stride);
        sumExponents = ArrayPool<double>.Shared.Rent(sumRows * stride);
        (mass, shares) = (new double[length], new double[length]);
        (starts, ends, startMantissas, startExponents) = (new double[length], new double[length], new double[length], new double[length]);
        taken = [new double[length], new double[length], new double[length]];
        labels = new UtteranceLabels(batch.Tokens, batch.States);
        emissions = new FrameEmissions(labels, batch.States);
        arcs = new ArcRows(length);
        (occupancy, own) = (new double[UtteranceLabels.Room(2 * batch.States)], new T[UtteranceLabels.Room(2 * batch.States)]);
    }

    /// <summary>Runs the forward pass of an utterance.</summary>
    /// <param name="which">The utterance.</param>
    /// <returns>ln Z; −∞ if no path explains the frames, NaN if a score is NaN or +∞. Undefined for a length of 0.</returns>
    public double Forward(int which)
    {
        (utterance, frames) = (which, (int)batch.Lengths[which]);
        if (!batch.ReadStates(batch.Initial, which, starts) || !batch.ReadStates(batch.Final, which, ends)) return double.NaN;
        window = new StateWindow(batch.Offsets.AsSpan(0, batch.UsedSlots), starts.AsSpan(0, batch.States), ends.AsSpan(0, batch.States), frames);
        if (frames == 0 || window.IsEmpty) return double.NegativeInfinity;
        states = ends.AsSpan(0, batch.States).LastIndexOfAnyExcept(double.NegativeInfinity) + 1;
        labels.Load(batch.Labels.Slice(batch.StatesAt(utterance), states));
        ArcRows.Exp(starts, startMantissas, startExponents);
        if (!batch.Timed && !arcs.Load(batch, utterance, 0, states)) return double.NaN;
        (int first, int last) = window.At(0);
        if (last < first) return double.NegativeInfinity;
        emissions.Load(batch.Scores, ScoresAt(0), ScoresAt(FramesAhead), first, last);
        FrameStep.Begin(StartRow, emissions, Row(0), first, last);
        for (int t = 1; t < frames; t++)
        {
            if (!LoadArcs(t)) return double.NaN;
            Close(t - 1);
            (first, last) = window.At(t);
            emissions.Load(batch.Scores, ScoresAt(t), ScoresAt(t + FramesAhead), first, last);
            FrameStep.Enter(Row(t - 1), emissions, SumRow(t), Row(t), arcs, batch.Offsets, first, last);
        }

        return End();
    }

    /// <summary>Runs the backward pass of the utterance of the last forward pass. Some path must explain it.</summary>
    /// <param name="to">The outputs: occupancies, and the expectations that are wanted.</param>
    public void Backward(PosteriorMemory<T> to)
    {
        to.Posterior.Begin(utterance, labels.Tokens.AsSpan(0, labels.Count));
        if (to.Last is { } final) Write(mass, final, batch.StatesAt(utterance));
        Collect(to, frames - 1);
        for (int t = frames - 1; t > 0; t--)
        {
            LoadArcs(t);
            if (arcs.Scored) Return<Yes>(t, to.Arcs is not null);
            else Return<No>(t, to.Arcs is not null);
            if (batch.Timed && to.Arcs is { } entered) WriteArcs(entered, t);
            Collect(to, t - 1);
        }

        if (to.First is { } initial) Write(mass, initial, batch.StatesAt(utterance));
        if (!batch.Timed && to.Arcs is { } all) WriteArcs(all, 0);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<double>.Shared.Return(mantissas);
        ArrayPool<double>.Shared.Return(exponents);
        ArrayPool<double>.Shared.Return(sums);
        ArrayPool<double>.Shared.Return(sumExponents);
    }

    private StateRow StartRow => new(ref startMantissas[0], ref startExponents[0]);

    private StateRow Row(int t)
    {
        int start = (t % rows * stride) + lead;
        return new(ref mantissas[start], ref exponents[start]);
    }

    private StateRow SumRow(int t)
    {
        int start = t % sumRows * stride;
        return new(ref sums[start], ref sumExponents[start]);
    }

    private long ScoresAt(int t) => batch.ScoresAt(t, utterance);

    private bool LoadArcs(int t) => !batch.Timed || arcs.Load(batch, utterance, t, states);

    // Around a window α is zero, as far as the next frame reads.
    private void Close(int t)
    {
        (int first, int last) = window.At(t);
        int start = (t % rows * stride) + lead, behind = start + last + 1;
        mantissas.AsSpan(start + first - reach, reach).Fill(1);
        exponents.AsSpan(start + first - reach, reach).Fill(double.NegativeInfinity);
        mantissas.AsSpan(behind, reach + ExtendedRange.Lanes).Fill(1);
        exponents.AsSpan(behind, reach + ExtendedRange.Lanes).Fill(double.NegativeInfinity);
    }

    // Sums over the last states, and stores their shares in mass.
    private double End()
    {
        (int first, int last) = window.At(frames - 1);
        StateRow alpha = Row(frames - 1);
        Array.Clear(mass);
        double largest = ExtendedRange.Floor;
        for (int s = first; s <= last; s++)
        {
            ends[s] += Math.Log(Unsafe.Add(ref alpha.Mantissa, s)) + (Unsafe.Add(ref alpha.Exponent, s) * ExtendedRange.LogTwo);
            largest = Math.Max(largest, ends[s]);
        }

        double sum = 0;
        for (int s = first; s <= last; s++) sum += mass[s] = Math.Exp(ends[s] - largest);
        for (int s = first; s <= last; s++) mass[s] /= Math.Max(sum, 0.5);
        return largest + Math.Log(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Collect(PosteriorMemory<T> to, int t)
    {
        (int first, int last) = window.At(t);
        int room = UtteranceLabels.Room(labels.Count);
        ref double sums = ref occupancy[0], states = ref mass[0];
        occupancy.AsSpan(0, room).Clear();
        Unsafe.Add(ref sums, labels.Common) = FrameStep.MaskedSum(ref states, ref labels.CommonMask[0], first, last);
        labels.Within(first, last);
        ReadOnlySpan<int> others = labels.Others.AsSpan(labels.From, labels.To - labels.From);
        ReadOnlySpan<int> numbers = labels.OtherNumbers.AsSpan(labels.From, others.Length);
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
        if (sumRows < rows) FrameStep.Sum<TArcs>(Row(t - 1), sum, arcs, batch.Offsets, first, last);
        FrameStep.Share(ref mass[0], ref sum.Mantissa, ref shares[0], first, last);
        if (take) FrameStep.Take<TArcs>(Row(t - 1), ref shares[0], arcs, batch.Offsets, first, last, taken);
        Silence(sum, firstBefore, first);
        Silence(sum, last + 1, behind);
        FrameStep.Return<TArcs>(Row(t - 1), new StateRow(ref shares[0], ref sum.Exponent), ref mass[0], arcs, batch.Offsets, firstBefore, lastBefore);
        mass.AsSpan(0, firstBefore).Clear();
        mass.AsSpan(lastBefore + 1, last - lastBefore + ExtendedRange.Lanes).Clear();

        // Around a window shares are 0, as far as the frame before reads.
        void Silence(in StateRow row, int from, int to)
        {
            if (to <= from) return;
            shares.AsSpan(from, to - from).Clear();
            MemoryMarshal.CreateSpan(ref Unsafe.Add(ref row.Exponent, from), to - from).Fill(double.PositiveInfinity);
        }
    }

    private void WriteArcs(TensorMemory<T> to, int frame)
    {
        for (int slot = 0; slot < batch.UsedSlots; slot++)
        {
            Write(taken[slot], to, batch.ArcsAt(frame, slot, utterance));
            Array.Clear(taken[slot]);
        }
    }

    private void Write(double[] row, TensorMemory<T> to, long start)
    {
        for (int s = 0; s < states; s++) to[start + s] = T.CreateTruncating(row[s]);
    }
}
