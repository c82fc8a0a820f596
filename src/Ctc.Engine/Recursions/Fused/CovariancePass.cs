using System.Numerics;
using Ctc.Engine.Recursions.Fused.FrameByFrame;
using Ctc.Engine.Recursions.Fused.Memory;
using Ctc.Engine.Recursions.Fused.Numbers;
using Ctc.Engine.Recursions.Fused.Results;

namespace Ctc.Engine.Recursions.Fused;

/// <summary>The mean of a value over the paths of an utterance, and its covariance with each choice of a path, in place of the masses.</summary>
/// <remarks>
/// <para>
/// The value V of a path is a sum over its tokens, arcs and ends. With a_t(s) the mean value of the paths up to state s in frame t, and b_t(s) that
/// of their rest, Cov(V, path is in s in t) = γ_t(s)·(a_t(s) + b_t(s) − E[V]); for an arc likewise. These are the derivatives of E[V] by the scores,
/// and so the product of the second derivatives of ln Z with V: a directional derivative, computed forward.
/// </para>
/// <para>
/// Everything is in double. What all tokens of a frame have in common changes no covariance: it is taken out of their values, because the differences
/// of means may be a millionth of them.
/// </para>
/// </remarks>
/// <typeparam name="T">float or double: the type of scores, values and outputs.</typeparam>
internal sealed class CovariancePass<T> : BandedPass<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly BandedBatch<T> values;
    private readonly FrameRows<double> means;
    private readonly double[] ofTokens, ofStates, ofEnds, rest, later, amounts;
    private readonly double[][] ofArcs, weighted;
    private double mean, common;
    private int counted;
    private bool arcsHaveValues;

    /// <param name="batch">The batch.</param>
    /// <param name="values">The value of a path: its score under these scores, on the same arcs. −∞ counts as 0: no path takes it.</param>
    /// <param name="rows">The number of frames of the longest utterance.</param>
    /// <param name="limit">The memory of α beyond which it is kept in blocks, in bytes.</param>
    public CovariancePass(BandedBatch<T> batch, BandedBatch<T> values, int rows, long limit)
        : base(batch, rows, limit)
    {
        this.values = values;
        means = new FrameRows<double>(Blocks, RowSize.Length);
        int length = Mass.Length;
        ofTokens = new double[2 * batch.States];
        (ofStates, ofEnds, rest, later, amounts) =
            (new double[length], new double[length], new double[length], new double[length], new double[length]);
        ofArcs = [new double[length], new double[length], new double[length]];
        weighted = [new double[length], new double[length], new double[length]];
    }

    /// <summary>Gets E[V] of the utterance of the last backward pass.</summary>
    public double Mean => mean + common;

    /// <inheritdoc/>
    public override double Forward(int which)
    {
        (common, counted) = (0, 0);
        // Beyond windows means have weight 0, and must be finite.
        means.Clear((int)Batch.Lengths[which]);
        foreach (double[] row in (double[][])[ofStates, later, .. ofArcs]) Array.Clear(row);
        return base.Forward(which);
    }

    /// <inheritdoc/>
    public override void Backward(PosteriorMemory<T> to)
    {
        int end = (int)Batch.Lengths[Utterance] - 1;
        (int first, int last) = Window(end);
        ReadStates(values.Final);
        mean = 0;
        for (int s = first; s <= last; s++)
        {
            mean += Mass[s] * (UpTo(end, s) + ofEnds[s]);
            later[s] = Mass[s] * ofEnds[s];
        }

        base.Backward(to);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        means.Dispose();
    }

    /// <inheritdoc/>
    protected override bool LoadArcs(int t)
    {
        if (Batch.Timed) ReadArcs(t);
        return base.LoadArcs(t);
    }

    /// <inheritdoc/>
    protected override void Entered(int t)
    {
        (int first, int last) = Window(t);
        double taken = ReadTokens(t, first, last);
        if (t == counted) (common, counted) = (common + taken, t + 1); // once, though blocks are computed again
        if (t > 0)
        {
            if (Arcs.Scored) Enter<Yes>(t, first, last);
            else Enter<No>(t, first, last);
            return;
        }

        if (!Batch.Timed) ReadArcs(0);
        ReadStates(values.Initial);
        for (int s = first; s <= last; s++) UpTo(0, s) = ofEnds[s] + ofStates[s];
    }

    /// <inheritdoc/>
    /// <remarks>Mass·(a + b − E), where b is later / mass.</remarks>
    protected override double[] Amounts(int t)
    {
        (int first, int last) = Window(t);
        _ = ReadTokens(t, first, last);
        Array.Clear(amounts);
        Array.Clear(rest);
        for (int s = first; s <= last; s++)
        {
            amounts[s] = (Mass[s] * (UpTo(t, s) - mean)) + later[s];
            rest[s] = Mass[s] == 0 ? 0 : (later[s] / Mass[s]) + ofStates[s];
        }

        return amounts;
    }

    /// <inheritdoc/>
    protected override void Take<TArcs>(int t, double[][] taken)
    {
        (int first, int last) = Window(t);
        FrameStep.Slots<TArcs> slots = new(Row(t - 1), Arcs, Offsets);
        MeanStep.Take(slots, Offsets, ref UpTo(t - 1, 0), ofArcs, rest, mean, Shares, taken, first, last);
    }

    /// <inheritdoc/>
    protected override void Leaving<TArcs>(int t, ref double exponents)
    {
        (int first, int last) = Window(t - 1);
        int used = arcsHaveValues ? weighted.Length : 1;
        for (int slot = 0; slot < used; slot++) MeanStep.Weigh(Shares, rest, ofArcs[slot], weighted[slot], first, last + Reach);
        double[] second = weighted[used / 2], third = weighted[used - 1];
        Array.Clear(later);
        FrameStep.Return<TArcs>(
            Row(t - 1), ref weighted[0][0], ref second[0], ref third[0], ref exponents, ref later[0], Arcs, Offsets, first, last);
        later.AsSpan(last + 1, Math.Min(ExtendedRange.Lanes, later.Length - last - 1)).Clear();
    }

    /// <inheritdoc/>
    protected override void Keep(int t)
    {
        base.Keep(t);
        means.Keep(t);
    }

    /// <inheritdoc/>
    protected override void Restore(int t)
    {
        base.Restore(t);
        means.Restore(t);
    }

    private ref double UpTo(int t, int s) => ref means.At(t, RowSize.Lead + s);

    private void Enter<TArcs>(int t, int first, int last)
        where TArcs : IChoice
    {
        FrameStep.Slots<TArcs> slots = new(Row(t - 1), Arcs, Offsets);
        MeanStep.Enter(slots, Offsets, ref UpTo(t - 1, 0), ofArcs, ofStates, ref UpTo(t, 0), first, last);
    }

    // Returns what was taken out of the values: that of the most common token.
    private double ReadTokens(int t, int first, int last)
    {
        TensorMemory<T> from = values.Scores;
        long row = Batch.ScoresAt(t, Utterance);
        double taken = Value(from[row + Labels.Tokens[Labels.Common]], 0);
        for (int i = 0; i < Labels.Count; i++) ofTokens[i] = Value(from[row + Labels.Tokens[i]], taken);
        for (int s = first; s <= last; s++) ofStates[s] = ofTokens[Labels.Numbers[s]];
        return taken;
    }

    private void ReadArcs(int t)
    {
        arcsHaveValues = false;
        for (int slot = 0; slot < Batch.UsedSlots; slot++)
        {
            long row = Batch.ArcsAt(t, slot, Utterance);
            for (int s = Offsets[slot]; s < States; s++) arcsHaveValues |= (ofArcs[slot][s] = Value(values.ArcScores[row + s], 0)) != 0;
        }
    }

    private void ReadStates(TensorMemory<T> from)
    {
        for (int s = 0; s < States; s++) ofEnds[s] = Value(from[Batch.StatesAt(Utterance) + s], 0);
    }

    private static double Value(T value, double taken) => T.IsNegativeInfinity(value) ? 0 : double.CreateTruncating(value) - taken;
}
