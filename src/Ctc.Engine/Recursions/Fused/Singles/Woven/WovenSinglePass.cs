using System.Runtime.CompilerServices;
using Ctc.Engine.Recursions.Fused.Memory;
using Ctc.Engine.Recursions.Fused.Numbers;
using Ctc.Engine.Recursions.Fused.Results;

namespace Ctc.Engine.Recursions.Fused.Singles.Woven;

/// <summary>The passes over a <see cref="WovenTarget"/> whose arcs have no scores. Blanks and labels have rows of their own.</summary>
/// <remarks>Half of the states are blanks: into each lead two arcs and not three, and they have one emission.</remarks>
/// <inheritdoc/>
internal sealed class WovenSinglePass<TLanes> : SinglePass<TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    private const int Parts = 4;

    private readonly int part;
    private readonly FrameRows<float> alphas;
    private readonly float[] start, end, skips;
    private readonly float[][] nexts;
    private readonly int[] numbers;
    private readonly WovenEmissions<TLanes> emissions;
    private readonly SingleOccupancy<TLanes> occupancy;

    /// <inheritdoc cref="SinglesFirst(BandedBatch{float}, int, PosteriorMemory{float}?, long)"/>
    public WovenSinglePass(BandedBatch<float> batch, int rows, long limit)
        : base(batch, rows, limit, floatsOfAlpha: Parts * Part(batch), tokens: Math.Max(Part(batch), TokenScores<TLanes>.Table))
    {
        part = Part(batch);
        alphas = new FrameRows<float>(Blocks, Parts * part);
        (start, end, skips, numbers) = (new float[Parts * part], new float[Parts * part], new float[part], new int[2 * part]);
        nexts = [new float[Parts * part], new float[Parts * part]];
        emissions = new WovenEmissions<TLanes>(Scores, part, BlocksOfEmissions);
        occupancy = new SingleOccupancy<TLanes>(Labels, numbers, batch.States, part, parts: 2);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        alphas.Dispose();
        emissions.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override bool Arrange()
    {
        if (!ArcsAreUnscored()) return false;
        Clear(start);
        Clear(end);
        int labels = States / 2, blank = Labels.Numbers[0];
        for (int s = 2; s < States; s += 2) if (Labels.Numbers[s] != blank) return false;
        for (int i = 0; i < labels; i++) numbers[TLanes.Count + i] = Labels.Numbers[(2 * i) + 1];
        numbers.AsSpan(TLanes.Count + labels).Fill(blank);
        emissions.Arrange(Labels, numbers, first: TLanes.Count, labels);
        return true;
    }

    /// <inheritdoc/>
    protected override void Start(int state, (float Mantissa, int Exponent) probability) => Set(ref start[0], state, probability);

    /// <inheritdoc/>
    protected override void End(int state, (float Mantissa, int Exponent) beta) => Set(ref end[0], state, beta);

    /// <inheritdoc/>
    protected override bool Load(int from, int to)
    {
        emissions.Load(Batch, Utterance, from, to);
        return true;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Enter(int t)
    {
        (int first, int last) = Places(Window(t));
        var step = new WovenStep<TLanes>(part, ref skips[0]);
        ref float alpha = ref Row(t);
        emissions.Spread(t, first, last);
        if (t == 0) step.Begin(ref start[0], emissions.Of(t), ref alpha, first, last);
        else step.Enter(ref Row(t - 1), emissions.Of(t), ref alpha, first, last);
        step.Close(ref alpha, first, last);
    }

    /// <inheritdoc/>
    protected override (float Mantissa, int Exponent) Alpha(int t, int state)
    {
        ref float pair = ref Unsafe.Add(ref Row(t), Place(state));
        return (pair, BitConverter.SingleToInt32Bits(Unsafe.Add(ref pair, part)));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Leave(int t, (int First, int Last) group, PosteriorMemory<float> to)
    {
        (int first, int last) = Places(Window(t));
        var step = new WovenStep<TLanes>(part, ref skips[0]);
        ref float alpha = ref Row(t), own = ref nexts[t & 1][0], labels = ref occupancy[t], blanks = ref occupancy[t, 1];
        if (t == Frames - 1) step.End(ref end[0], ref alpha, emissions.Of(t), ref own, ref blanks, ref labels, first, last);
        else step.Leave(ref nexts[(t + 1) & 1][0], ref alpha, emissions.Of(t), ref own, ref blanks, ref labels, first, last);
        step.Close(ref own, first, last);
        WovenStep<TLanes>.CloseMasses(ref blanks, first, last);
        WovenStep<TLanes>.CloseMasses(ref labels, first, last);
    }

    /// <inheritdoc/>
    protected override void Write(int frame, int frames, (int First, int Last) group, PosteriorMemory<float> to) =>
        occupancy.Write(to, Utterance, frame, frames, Places(group));

    /// <inheritdoc/>
    protected override void Keep(int t) => alphas.Keep(t);

    /// <inheritdoc/>
    protected override void Restore(int t) => alphas.Restore(t);

    // The places of a row: a vector before those of the pairs, and what is read and computed behind them.
    private static int Part(BandedBatch<float> batch) => ((batch.States / 2) + 1 + (4 * TLanes.Count)) & -TLanes.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (int First, int Last) Places((int First, int Last) states) =>
        (TLanes.Count + (states.First >> 1), TLanes.Count + (states.Last >> 1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref float Row(int t) => ref alphas.At(t, 0);

    // Where the mantissa of a state is in a row.
    private int Place(int state) => TLanes.Count + (state / 2) + (state % 2 == 0 ? 0 : 2 * part);

    private void Set(ref float row, int state, (float Mantissa, int Exponent) number)
    {
        ref float pair = ref Unsafe.Add(ref row, Place(state));
        (pair, Unsafe.Add(ref pair, part)) = (number.Mantissa, BitConverter.Int32BitsToSingle(number.Exponent));
    }

    private void Clear(float[] row)
    {
        float none = BitConverter.Int32BitsToSingle(SingleRange.None);
        row.AsSpan(part, part).Fill(none);
        row.AsSpan(3 * part, part).Fill(none);
    }

    // Fills the skips. Arcs that stay in a state or lead to the next one score 0, those over a blank 0 or −∞, and no arc leads over a label.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool ArcsAreUnscored()
    {
        ReadOnlySpan<float> stays = Batch.ArcScores.Slice(Batch.ArcsAt(0, 0, Utterance), States);
        ReadOnlySpan<float> steps = Batch.ArcScores.Slice(Batch.ArcsAt(0, 1, Utterance), States);
        ReadOnlySpan<float> over = Batch.ArcScores.Slice(Batch.ArcsAt(0, 2, Utterance), States);
        if (stays.ContainsAnyExcept(0f) || steps[Math.Min(1, States)..].ContainsAnyExcept(0f)) return false;
        float[] its = skips;
        its.AsSpan().Fill(BitConverter.Int32BitsToSingle(SingleRange.None));
        bool unscored = true;
        for (int s = 3; s < over.Length; s += 2)
        {
            unscored &= float.IsNegativeInfinity(over[s - 1]) & (over[s] == 0 | float.IsNegativeInfinity(over[s]));
            its[TLanes.Count + (s >> 1)] = over[s] == 0 ? 0 : its[0];
        }

        return unscored && (States < 3 || States % 2 == 0 || float.IsNegativeInfinity(over[States - 1]));
    }
}
