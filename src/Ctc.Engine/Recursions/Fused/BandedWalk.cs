using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Ctc.Engine.Recursions.Fused;

/// <summary>Walks through one utterance after the other: forward, and where occupancies are wanted back. One for each thread.</summary>
/// <remarks>O(N·S) time and memory for an utterance; without the walk back O(S) memory. Nothing is allocated for a frame.</remarks>
/// <typeparam name="T">float or double: of what is read and written. In between all is double.</typeparam>
internal sealed class BandedWalk<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int FramesAhead = 4;

    // Sums that fit there beside α are kept for the way back; others are cheaper to add up again than to fetch.
    private const long Cache = 1 << 20;

    private readonly BandedBatch<T> batch;
    private readonly int rows, reach, lead, stride, sumRows;
    private readonly double[] mantissas, exponents, sums, sumExponents, mass, shares, starts, ends, startMantissas, startExponents, occupancy;
    private readonly double[][] taken;
    private readonly UtteranceLabels labels;
    private readonly Emissions emissions;
    private readonly ArcRows arcs;
    private readonly BlockWalk<T>? blocks;
    private int utterance, frames, states;
    private StateWindow window;

    /// <param name="batch">What to walk through.</param>
    /// <param name="rows">How many frames α is kept of: the longest utterance's, or 0 where there is no walk back.</param>
    public BandedWalk(BandedBatch<T> batch, int rows)
    {
        this.batch = batch;
        this.rows = Math.Max(rows, SteadyBlock.Frames + 1);
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
        emissions = new Emissions(labels, batch.States);
        arcs = new ArcRows(length);
        if (BlockWalk<T>.Suits(batch)) blocks = new BlockWalk<T>(batch, labels, arcs, length, keeps: rows > 0);
        occupancy = new double[UtteranceLabels.Room(2 * batch.States)];
    }

    /// <summary>Walks forward through an utterance.</summary>
    /// <param name="which">The utterance.</param>
    /// <returns>ln Z; −∞ where no path explains the frames, NaN where a score is NaN or +∞. For a length of 0 it means nothing.</returns>
    public double Forward(int which)
    {
        (utterance, frames) = (which, (int)batch.Lengths[which]);
        if (!Read(batch.Initial, starts) || !Read(batch.Final, ends)) return double.NaN;
        window = new StateWindow(batch.Offsets.AsSpan(0, batch.UsedSlots), starts.AsSpan(0, batch.States), ends.AsSpan(0, batch.States), frames);
        if (frames == 0 || window.IsEmpty) return double.NegativeInfinity;
        states = ends.AsSpan(0, batch.States).LastIndexOfAnyExcept(double.NegativeInfinity) + 1;
        labels.Read(batch.Labels.Slice(batch.StatesAt(utterance), states));
        ArcRows.Exp(starts, startMantissas, startExponents);
        if (!batch.Timed && !arcs.Read(batch, utterance, 0, states)) return double.NaN;
        (int first, int last) = window.At(0);
        if (last < first) return double.NegativeInfinity;
        emissions.Read(batch.Scores, ScoresAt(0), ScoresAt(FramesAhead), first, last);
        BandedStep.Begin(StartRow, emissions, Row(0), first, last);
        for (int t = 0; t < frames - 1; t += SteadyBlock.Frames)
        {
            int end = Math.Min(t + SteadyBlock.Frames, frames - 1);
            if (blocks?.Enter(utterance, t, window, Row(t), Row(end)) != true && !EnterOneByOne(t, end)) return double.NaN;
        }

        return End();
    }

    /// <summary>Walks back through the utterance that was last walked forward, which some path explains.</summary>
    /// <param name="to">Where occupancies, and what else is asked for, are written.</param>
    public void Back(FusedOutputs<T> to)
    {
        to.Posterior.Begin(utterance, labels.Tokens.AsSpan(0, labels.Count));
        if (to.Last is { } final) Write(mass, final, batch.StatesAt(utterance));
        Collect(to, frames - 1);
        for (int end = frames - 1, start; end > 0; end = start)
        {
            start = (end - 1) / SteadyBlock.Frames * SteadyBlock.Frames;
            if (Together(start)) blocks!.Leave(to, utterance, start, window, Row(start), Row(end), ref mass[0], to.Arcs is null ? null : taken);
            else LeaveOneByOne(to, start, end);
        }

        if (to.First is { } initial) Write(mass, initial, batch.StatesAt(utterance));
        if (!batch.Timed && to.Arcs is { } all) WriteArcs(all, 0);
    }

    /// <summary>Says whether the four frames behind one, a multiple of four, were walked together.</summary>
    public bool Together(int frame) => blocks?.Entered(frame) == true;

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<double>.Shared.Return(mantissas);
        ArrayPool<double>.Shared.Return(exponents);
        ArrayPool<double>.Shared.Return(sums);
        ArrayPool<double>.Shared.Return(sumExponents);
        blocks?.Dispose();
    }

    private bool EnterOneByOne(int start, int end)
    {
        for (int t = start + 1; t <= end; t++)
        {
            if (!ReadArcs(t)) return false;
            Close(t - 1);
            (int first, int last) = window.At(t);
            emissions.Read(batch.Scores, ScoresAt(t), ScoresAt(t + FramesAhead), first, last);
            BandedStep.Enter(Row(t - 1), emissions, SumRow(t), Row(t), arcs, batch.Offsets, first, last);
        }

        return true;
    }

    private void LeaveOneByOne(FusedOutputs<T> to, int start, int end)
    {
        for (int t = end; t > start; t--)
        {
            ReadArcs(t);
            if (arcs.Scored) Return<Yes>(t, to.Arcs is not null);
            else Return<No>(t, to.Arcs is not null);
            if (batch.Timed && to.Arcs is { } entered) WriteArcs(entered, t);
            Collect(to, t - 1);
        }
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

    private bool ReadArcs(int t) => !batch.Timed || arcs.Read(batch, utterance, t, states);

    private bool Read(TensorMemory<T> from, double[] to)
    {
        bool good = true;
        ReadOnlySpan<T> scores = from.Slice(batch.StatesAt(utterance), batch.States);
        for (int s = 0; s < scores.Length; s++) good &= (to[s] = double.CreateTruncating(scores[s])) < double.PositiveInfinity;
        return good;
    }

    // Around a window α is zero, as far as the next frame looks.
    private void Close(int t)
    {
        (int first, int last) = window.At(t);
        int start = (t % rows * stride) + lead, behind = start + last + 1;
        mantissas.AsSpan(start + first - reach, reach).Fill(1);
        exponents.AsSpan(start + first - reach, reach).Fill(double.NegativeInfinity);
        mantissas.AsSpan(behind, reach + ExtendedRange.Lanes).Fill(1);
        exponents.AsSpan(behind, reach + ExtendedRange.Lanes).Fill(double.NegativeInfinity);
    }

    // Sums over the last states, and leaves in each its share.
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
    private void Collect(FusedOutputs<T> to, int t)
    {
        (int first, int last) = window.At(t);
        long start = to.Posterior.Frame(utterance, t);
        int room = UtteranceLabels.Room(labels.Count);
        ref double own = ref occupancy[0], states = ref mass[0];
        occupancy.AsSpan(0, room).Clear();
        Unsafe.Add(ref own, labels.Common) = BandedStep.MaskedSum(ref states, ref labels.CommonMask[0], first, last);
        labels.Within(first, last);
        ReadOnlySpan<int> others = labels.Others.AsSpan(labels.From, labels.To - labels.From), numbers = labels.OtherNumbers.AsSpan(labels.From, others.Length);
        for (int i = 0; i < others.Length; i++) Unsafe.Add(ref own, numbers[i]) += Unsafe.Add(ref states, others[i]);
        for (int i = 0; i < room; i += ExtendedRange.Lanes) to.Shares.Write(start + i, Vector512.LoadUnsafe(ref own, (nuint)i));
    }

    private void Return<TArcs>(int t, bool take)
        where TArcs : IChoice
    {
        (int first, int last) = window.At(t);
        (int firstBefore, int lastBefore) = window.At(t - 1);
        int behind = lastBefore + reach + ExtendedRange.Lanes;
        StateRow sum = SumRow(t);
        if (sumRows < rows) BandedStep.Sum<TArcs>(Row(t - 1), sum, arcs, batch.Offsets, first, last);
        BandedStep.Share(ref mass[0], ref sum.Mantissa, ref shares[0], first, last);
        if (take) BandedStep.Take<TArcs>(Row(t - 1), ref shares[0], arcs, batch.Offsets, first, last, taken);
        Silence(sum, firstBefore, first);
        Silence(sum, last + 1, behind);
        BandedStep.Return<TArcs>(Row(t - 1), new StateRow(ref shares[0], ref sum.Exponent), ref mass[0], arcs, batch.Offsets, firstBefore, lastBefore);
        mass.AsSpan(0, firstBefore).Clear();
        mass.AsSpan(lastBefore + 1, last - lastBefore + ExtendedRange.Lanes).Clear();

        // Around a window nobody has a share, as far as the frame before looks.
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
