using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Ctc.Engine.Frames;
using Ctc.Engine.Recursions.Fused.Memory;
using Ctc.Engine.Recursions.Fused.Numbers;
using Ctc.Engine.Recursions.Fused.Results;

namespace Ctc.Engine.Recursions.Fused.Singles;

/// <summary>The forward and the backward pass of one utterance at a time in float32. One instance for each thread.</summary>
internal abstract class SinglePass : IDisposable
{
    /// <summary>Creates a pass with the widest vectors of the processor.</summary>
    /// <inheritdoc cref="UtterancePass{T, TLanes}(LatticeBatch{T}, int, long, int)"/>
    public static SinglePass Create(BandedBatch<float> batch, int rows, long limit)
    {
        if (Vector512.IsHardwareAccelerated) return new SinglePass<Lanes512>(batch, rows, limit);
        return Vector256.IsHardwareAccelerated ? new SinglePass<Lanes256>(batch, rows, limit) : new SinglePass<Lanes128>(batch, rows, limit);
    }

    /// <summary>Runs the forward pass of an utterance.</summary>
    /// <param name="which">The utterance.</param>
    /// <returns>ln Z, −∞ if no path explains the frames; null if float32 is not sure to hold the numbers of this utterance.</returns>
    public abstract double? Forward(int which);

    /// <inheritdoc cref="IPass{T}.Backward"/>
    public abstract void Backward(PosteriorMemory<float> to);

    /// <inheritdoc/>
    public abstract void Dispose();
}

/// <inheritdoc/>
/// <typeparam name="TLanes">The vectors.</typeparam>
internal sealed class SinglePass<TLanes> : SinglePass
    where TLanes : struct, ILanes<TLanes>
{
    private readonly BandedBatch<float> batch;
    private readonly int reach, lead, stride;
    private readonly FrameBlocks blocks;
    private readonly FrameRows<float> mantissas, exponents;
    private readonly float[] startMantissas, startExponents, endMantissas, endExponents;
    private readonly float[][] nextMantissas, nextExponents;
    private readonly double[] starts, ends;
    private readonly UtteranceLabels labels;
    private readonly SingleEmissions<TLanes> emissions;
    private readonly SingleArcs arcs;
    private readonly SingleOccupancy<TLanes> occupancy;
    private int utterance, frames, states, block;
    private double mostOfArcs;
    private StateWindow window;

    /// <inheritdoc cref="SinglePass.Create"/>
    public SinglePass(BandedBatch<float> batch, int rows, long limit)
    {
        this.batch = batch;
        reach = batch.Offsets.Max();
        lead = (Math.Max(reach, 1) + (2 * TLanes.Count) - 1) & -TLanes.Count;
        int length = (batch.States + reach + (3 * TLanes.Count)) & -TLanes.Count;
        stride = lead + length;
        double ofAlpha = 2.0 * sizeof(float) * stride, ofEmissions = 2.0 * sizeof(float) * UtteranceLabels.Room(2 * batch.States);
        blocks = rows == 0 ? FrameBlocks.Two : FrameBlocks.For(rows, ofAlpha + ofEmissions, ofAlpha, limit);
        (mantissas, exponents) = (new FrameRows<float>(blocks, stride), new FrameRows<float>(blocks, stride));
        (startMantissas, startExponents, endMantissas, endExponents) = (new float[length], new float[length], new float[length], new float[length]);
        nextMantissas = [new float[stride], new float[stride]];
        nextExponents = [new float[stride], new float[stride]];
        (starts, ends) = (new double[batch.States], new double[batch.States]);
        labels = new UtteranceLabels(batch.Tokens, batch.States);
        emissions = new SingleEmissions<TLanes>(labels, length, batch.States, blocks);
        arcs = new SingleArcs(length);
        occupancy = new SingleOccupancy<TLanes>(labels, length, batch.States);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override double? Forward(int which)
    {
        (utterance, frames) = (which, (int)batch.Lengths[which]);
        if (!batch.ReadStates(batch.Initial, which, starts) || !batch.ReadStates(batch.Final, which, ends)) return null;
        window = new StateWindow(batch.Offsets.AsSpan(0, batch.UsedSlots), starts, ends, frames);
        if (frames == 0 || window.IsEmpty) return double.NegativeInfinity;
        states = ends.AsSpan().LastIndexOfAnyExcept(double.NegativeInfinity) + 1;
        labels.Load(batch.Labels.Slice(batch.StatesAt(utterance), states));
        double budget = -2 * (Most(starts) + Most(ends));
        if (!batch.Timed && !LoadArcsOf(0)) return null;
        (int first, int last) = window.At(0);
        if (last < first) return double.NegativeInfinity;
        double shift = 0;
        for (int t = 0; t < frames; t++)
        {
            if (!LoadArcs(t) || !emissions.Load(batch.Scores, t, batch.ScoresAt(t, utterance), Step, out float best, out float least)) return null;
            if (float.IsNegativeInfinity(best)) return double.NegativeInfinity;
            budget += (least - (2 * mostOfArcs)) / ExtendedRange.LogTwo;
            if (budget < SingleRange.Least || least < SingleRange.LeastLog) return null;
            shift += best;
            Enter(t);
            if (blocks.Ends(t) && t < frames - 1) Keep(t);
        }

        block = blocks.Of(frames - 1);
        double end = End();
        return shift + end;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Backward(PosteriorMemory<float> to)
    {
        to.Posterior.Begin(utterance, labels.Tokens.AsSpan(0, labels.Count));
        for (int end = frames, start; end > 0; end = start)
        {
            start = (end - 1) / SingleOccupancy<TLanes>.Frames * SingleOccupancy<TLanes>.Frames;
            if (blocks.Of(start) != block) Recompute(blocks.Of(start));
            (int First, int Last) group = (window.At(start).First, window.At(end - 1).Last);
            for (int t = end - 1; t >= start; t--) Leave(to, t, group);
            if (to.Posterior.ByState) occupancy.WriteStates(to, utterance, start, end - start, group);
            else occupancy.Write(to, utterance, start, end - start, group);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        mantissas.Dispose();
        exponents.Dispose();
        emissions.Dispose();
    }

    private long Step => batch.Utterances * batch.Tokens;

    private StateRow<float> EndRow => new(ref endMantissas[0], ref endExponents[0]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private StateRow<float> Row(int t) => new(ref mantissas.At(t, lead), ref exponents.At(t, lead));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private StateRow<float> NextRow(int t) => new(ref nextMantissas[t & 1][lead], ref nextExponents[t & 1][lead]);

    private bool LoadArcs(int t) => t == 0 || !batch.Timed || LoadArcsOf(t);

    // Returns whether all are held, and not if one is NaN.
    private bool LoadArcsOf(int frame) => (mostOfArcs = arcs.Load<TLanes>(batch, utterance, frame, states)) <= -SingleRange.LeastLog;

    // In powers of two.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Most(double[] scores)
    {
        double most = 0;
        foreach (double score in scores)
        {
            if (!double.IsNegativeInfinity(score)) most = Math.Max(most, Math.Abs(score));
        }

        return most / ExtendedRange.LogTwo;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Enter(int t)
    {
        (int first, int last) = window.At(t);
        emissions.Spread(t, first, last);
        if (t == 0) Begin(first, last);
        else SingleStep<TLanes>.Enter(Row(t - 1), emissions.Row, emissions.IsWide(t), Row(t), arcs, batch.Offsets, first, last);
        SingleStep<TLanes>.Close(Row(t), first, last, reach);
    }

    private void Keep(int t)
    {
        mantissas.Keep(t);
        exponents.Keep(t);
    }

    // α of the frames of a block, after which another block has been computed.
    private void Recompute(int which)
    {
        block = which;
        int start = blocks.Start(block);
        if (block > 0)
        {
            mantissas.Restore(start - 1);
            exponents.Restore(start - 1);
        }

        for (int t = start; t < blocks.Start(block + 1); t++)
        {
            LoadArcs(t);
            emissions.Load(batch.Scores, t, batch.ScoresAt(t, utterance), Step, out _, out _);
            Enter(t);
        }
    }

    private void Begin(int first, int last)
    {
        Split(starts, first, last, 0, startMantissas, startExponents);
        StateRow<float> start = new(ref startMantissas[0], ref startExponents[0]);
        SingleStep<TLanes>.Begin(start, emissions.Row, emissions.IsWide(0), Row(0), first, last);
    }

    // Computes ln Z less the divisors of the emissions, and β of the last frame.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double End()
    {
        (int first, int last) = window.At(frames - 1);
        StateRow<float> alpha = Row(frames - 1);
        double largest = double.NegativeInfinity, sum = 0;
        for (int s = first; s <= last; s++) largest = Math.Max(largest, Log(alpha, s) + ends[s]);
        if (largest < (double)SingleRange.Least * 2 * ExtendedRange.LogTwo) return double.NegativeInfinity;
        for (int s = first; s <= last; s++) sum += Math.Exp(Log(alpha, s) + ends[s] - largest);
        double total = largest + Math.Log(sum);
        Split(ends, first, last, total, endMantissas, endExponents);
        return total;

        static double Log(in StateRow<float> row, int s) => Math.Log(Unsafe.Add(ref row.Mantissa, s))
            + (BitConverter.SingleToInt32Bits(Unsafe.Add(ref row.Exponent, s)) * ExtendedRange.LogTwo);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Leave(PosteriorMemory<float> to, int t, (int First, int Last) group)
    {
        (int first, int last) = window.At(t);
        emissions.Spread(t, first, last);
        ref float mass = ref occupancy[t];
        if (t == frames - 1)
        {
            SingleStep<TLanes>.End(EndRow, Row(t), emissions.Row, emissions.IsWide(t), NextRow(t), ref mass, first, last);
        }
        else
        {
            LoadArcs(t + 1);
            SingleStep<TLanes>.Leave(
                NextRow(t + 1), Row(t), emissions.Row, emissions.IsWide(t), NextRow(t), ref mass, arcs, batch.Offsets, first, last);
        }

        SingleStep<TLanes>.Close(NextRow(t), first, last, reach);
        occupancy.Close(t, (first, last), group);
        if (t == frames - 1 && to.Last is { } final) Write(final, ref mass, first, last);
        if (t == 0 && to.First is { } initial) Write(initial, ref mass, first, last);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Split(double[] logs, int first, int last, double less, float[] toMantissas, float[] toExponents)
    {
        for (int s = first; s <= last; s++)
        {
            (toMantissas[s], int exponent) = SingleRange.FromLog(logs[s] - less);
            toExponents[s] = BitConverter.Int32BitsToSingle(exponent);
        }
    }

    private void Write(TensorMemory<float> to, ref float masses, int first, int last)
    {
        for (int s = first; s <= last; s++) to[batch.StatesAt(utterance) + s] = Unsafe.Add(ref masses, s);
    }
}
