using System.Runtime.CompilerServices;
using Ctc.Engine.Recursions.Fused.Memory;
using Ctc.Engine.Recursions.Fused.Numbers;
using Ctc.Engine.Recursions.Fused.Results;

namespace Ctc.Engine.Recursions.Fused.Singles.Banded;

/// <summary>The passes over arcs of at most three fixed lengths, scored or not.</summary>
/// <inheritdoc/>
internal sealed class BandedSinglePass<TLanes> : SinglePass<TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    private readonly int reach, lead;
    private readonly FrameRows<float> mantissas, exponents;
    private readonly float[] startMantissas, startExponents, endMantissas, endExponents;
    private readonly float[][] nextMantissas, nextExponents;
    private readonly BandedEmissions<TLanes> emissions;
    private readonly BandedArcs arcs;
    private readonly SingleOccupancy<TLanes> occupancy;

    /// <inheritdoc cref="SinglesFirst(BandedBatch{float}, int, PosteriorMemory{float}?, long)"/>
    public BandedSinglePass(BandedBatch<float> batch, int rows, long limit)
        : base(batch, rows, limit, floatsOfAlpha: 2 * (Lead(batch) + Length(batch)), tokens: 2 * batch.States)
    {
        (reach, lead) = (Reach(batch), Lead(batch));
        int length = Length(batch), stride = lead + length;
        (mantissas, exponents) = (new FrameRows<float>(Blocks, stride), new FrameRows<float>(Blocks, stride));
        (startMantissas, startExponents, endMantissas, endExponents) = (new float[length], new float[length], new float[length], new float[length]);
        nextMantissas = [new float[stride], new float[stride]];
        nextExponents = [new float[stride], new float[stride]];
        emissions = new BandedEmissions<TLanes>(Scores, Labels, length, 2 * batch.States, BlocksOfEmissions);
        arcs = new BandedArcs(length);
        occupancy = new SingleOccupancy<TLanes>(Labels, Labels.Numbers, batch.States, length);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        mantissas.Dispose();
        exponents.Dispose();
        emissions.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override bool Arrange() => Batch.Timed || LoadArcs(0);

    /// <inheritdoc/>
    protected override void Start(int state, (float Mantissa, int Exponent) probability) =>
        (startMantissas[state], startExponents[state]) = (probability.Mantissa, BitConverter.Int32BitsToSingle(probability.Exponent));

    /// <inheritdoc/>
    protected override void End(int state, (float Mantissa, int Exponent) beta) =>
        (endMantissas[state], endExponents[state]) = (beta.Mantissa, BitConverter.Int32BitsToSingle(beta.Exponent));

    /// <inheritdoc/>
    protected override bool Load(int from, int to)
    {
        emissions.Load(Batch, Utterance, from, to);
        return LoadTimedArcs(from);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Enter(int t)
    {
        (int first, int last) = Window(t);
        emissions.Spread(t, first, last);
        if (t == 0)
        {
            StateRow<float> start = new(ref startMantissas[0], ref startExponents[0]);
            BandedStep<TLanes>.Begin(start, emissions.Row, Scores.IsWide(0), Row(0), first, last);
        }
        else
        {
            BandedStep<TLanes>.Enter(Row(t - 1), emissions.Row, Scores.IsWide(t), Row(t), arcs, Batch.Offsets, first, last);
        }

        BandedStep<TLanes>.Close(Row(t), first, last, reach);
    }

    /// <inheritdoc/>
    protected override (float Mantissa, int Exponent) Alpha(int t, int state)
    {
        StateRow<float> alpha = Row(t);
        return (Unsafe.Add(ref alpha.Mantissa, state), BitConverter.SingleToInt32Bits(Unsafe.Add(ref alpha.Exponent, state)));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Leave(int t, (int First, int Last) group, PosteriorMemory<float> to)
    {
        (int first, int last) = Window(t);
        emissions.Spread(t, first, last);
        ref float mass = ref occupancy[t];
        if (t == Frames - 1)
        {
            StateRow<float> end = new(ref endMantissas[0], ref endExponents[0]);
            BandedStep<TLanes>.End(end, Row(t), emissions.Row, Scores.IsWide(t), NextRow(t), ref mass, first, last);
        }
        else
        {
            LoadTimedArcs(t + 1);
            BandedStep<TLanes>.Leave(
                NextRow(t + 1), Row(t), emissions.Row, Scores.IsWide(t), NextRow(t), ref mass, arcs, Batch.Offsets, first, last);
        }

        BandedStep<TLanes>.Close(NextRow(t), first, last, reach);
        occupancy.Close(t, (first, last), group);
        if (t == Frames - 1 && to.Last is { } final) Write(final, ref mass, first, last);
        if (t == 0 && to.First is { } initial) Write(initial, ref mass, first, last);
    }

    /// <inheritdoc/>
    protected override void Write(int frame, int frames, (int First, int Last) group, PosteriorMemory<float> to)
    {
        if (to.Posterior.ByState) occupancy.WriteStates(to, Utterance, frame, frames, group);
        else occupancy.Write(to, Utterance, frame, frames, group);
    }

    /// <inheritdoc/>
    protected override void Keep(int t)
    {
        mantissas.Keep(t);
        exponents.Keep(t);
    }

    /// <inheritdoc/>
    protected override void Restore(int t)
    {
        mantissas.Restore(t);
        exponents.Restore(t);
    }

    private static int Reach(BandedBatch<float> batch) => batch.Offsets.Max();

    // The zeros before the first state of a row.
    private static int Lead(BandedBatch<float> batch) => (Math.Max(Reach(batch), 1) + (2 * TLanes.Count) - 1) & -TLanes.Count;

    // The states of a row, with what is read behind the last one.
    private static int Length(BandedBatch<float> batch) => (batch.States + Reach(batch) + (3 * TLanes.Count)) & -TLanes.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private StateRow<float> Row(int t) => new(ref mantissas.At(t, lead), ref exponents.At(t, lead));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private StateRow<float> NextRow(int t) => new(ref nextMantissas[t & 1][lead], ref nextExponents[t & 1][lead]);

    private bool LoadTimedArcs(int t) => t == 0 || !Batch.Timed || LoadArcs(t);

    // Returns whether all are held, and not if one is NaN.
    private bool LoadArcs(int frame) => (MostOfArcs = arcs.Load<TLanes>(Batch, Utterance, frame, States)) <= -SingleRange.LeastLog;

    private void Write(TensorMemory<float> to, ref float masses, int first, int last)
    {
        for (int s = first; s <= last; s++) to[Batch.StatesAt(Utterance) + s] = Unsafe.Add(ref masses, s);
    }
}
