using System.Numerics;
using System.Runtime.CompilerServices;
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
/// <typeparam name="TLanes">The vectors.</typeparam>
internal sealed class CovariancePass<T, TLanes> : BandedPass<T, TLanes>, ICovariancePass<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TLanes : struct, IDoubleLanes<TLanes>
{
    private readonly BandedBatch<T> values;
    private readonly bool byState;
    private readonly FrameRows<double> means;
    private readonly MeanStep<TLanes> step;
    private readonly double[] ofTokens, ofEnds;
    private double common;
    private int counted;

    /// <param name="batch">The batch.</param>
    /// <param name="values">The value of a path: its score under these scores, on the same arcs. −∞ counts as 0: no path takes it.</param>
    /// <param name="rows">The number of frames of the longest utterance.</param>
    /// <param name="limit">The memory of α beyond which it is kept in blocks, in bytes.</param>
    /// <param name="byState">Whether the scores of the values are [T, B, S], those of states; otherwise of tokens.</param>
    public CovariancePass(BandedBatch<T> batch, BandedBatch<T> values, int rows, long limit, bool byState = false)
        : base(batch, rows, limit)
    {
        (this.values, this.byState) = (values, byState);
        means = new FrameRows<double>(Blocks, RowSize.Length);
        step = new MeanStep<TLanes>(Mass.Length);
        (ofTokens, ofEnds) = (new double[UtteranceLabels.Room(2 * batch.States)], new double[Mass.Length]);
    }

    /// <inheritdoc/>
    public double Mean => step.Mean + common;

    /// <inheritdoc/>
    public override double Forward(int which)
    {
        (common, counted) = (0, 0);
        step.Clear();
        return base.Forward(which);
    }

    /// <inheritdoc/>
    public override void Backward(PosteriorMemory<T> to)
    {
        int end = (int)Batch.Lengths[Utterance] - 1;
        (int first, int last) = Window(end);
        ReadStates(values.Final);
        step.End(Mass, ref UpTo(end), ofEnds, first, last);
        base.Backward(to);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        means.Dispose();
    }

    /// <inheritdoc/>
    protected override double[] Amounts => step.Amounts;

    /// <inheritdoc/>
    protected override void Begun()
    {
        (int first, int last) = Window(0);
        ReadTokens(0);
        if (!values.Timed) ReadArcs(0, 0, States - 1);
        ReadStates(values.Initial);
        for (int s = first; s <= last; s++) Unsafe.Add(ref UpTo(0), s) = ofEnds[s] + step.OfStates[s];
    }

    /// <inheritdoc/>
    protected override void Enter(int t, FrameEmissions<TLanes> emissions, in StateRow<double> sum)
    {
        (int first, int last) = Window(t);
        ReadTokens(t);
        if (values.Timed) ReadArcs(t, first, last);
        step.Enter(Row(t - 1), emissions, sum, Row(t), Arcs, Offsets, ref UpTo(t - 1), ref UpTo(t), first, last);
    }

    /// <inheritdoc/>
    /// <remarks>Around windows means have weight 0, and must be finite.</remarks>
    protected override void Silence(int t, int from, int count)
    {
        base.Silence(t, from, count);
        means.Slice(t, RowSize.Lead + from, count).Clear();
    }

    /// <inheritdoc/>
    protected override void Share(int t, ref double sum)
    {
        (int first, int last) = Window(t);
        ReadTokens(t);
        if (values.Timed) ReadArcs(t, first, last);
        step.Share(ref Mass[0], ref sum, ref Shares[0], first, last);
    }

    /// <inheritdoc/>
    protected override void Take(int t, double[][] to)
    {
        (int first, int last) = Window(t);
        step.Take(Row(t - 1), ref Shares[0], Arcs, Offsets, ref UpTo(t - 1), first, last, to);
    }

    /// <inheritdoc/>
    protected override void Silence(in StateRow<double> sum, int from, int count)
    {
        base.Silence(sum, from, count);
        if (count > 0) step.Silence(from, count);
    }

    /// <inheritdoc/>
    protected override void Leave(int t, in StateRow<double> shares)
    {
        (int first, int last) = Window(t - 1);
        step.Return(Row(t - 1), shares, ref Mass[0], Arcs, Offsets, ref UpTo(t - 1), first, last, Window(t).Last - last);
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

    private ref double UpTo(int t) => ref means.At(t, RowSize.Lead);

    // The most common token, or the first state, has the value 0: what it has is taken out of the values of the frame.
    private void ReadTokens(int t)
    {
        TensorMemory<T> from = values.Scores;
        (int first, int last) = Window(t);
        long row = values.ScoresAt(t, Utterance);
        double taken = Value(from[byState ? row + first : row + Labels.Tokens[Labels.Common]], 0);
        if (t == counted) (common, counted) = (common + taken, t + 1); // once, though frames are read again
        int i = 0;
        if (byState)
        {
            for (int s = first; s <= last; s++) step.OfStates[s] = Value(from[row + s], taken);
            return;
        }

        if (Labels.All)
        {
            TLanes none = TLanes.Of(double.NegativeInfinity), less = TLanes.Of(taken);
            for (; i + TLanes.Count <= Labels.Count; i += TLanes.Count)
            {
                TLanes own = from.Doubles<TLanes>(row + i);
                TLanes.WhereEqual(own, none, TLanes.Of(0), own - less).Store(ref ofTokens[i], 0);
            }
        }

        for (; i < Labels.Count; i++) ofTokens[i] = Value(from[row + Labels.Tokens[i]], taken);
        Labels.Spread<TLanes>(ref ofTokens[0], ref step.OfStates[0], first, last);
    }

    private void ReadArcs(int t, int first, int last)
    {
        for (int slot = 0; slot < Batch.UsedSlots; slot++)
        {
            long row = values.ArcsAt(t, slot, Utterance);
            double[] to = step.OfArcs[slot];
            for (int s = Math.Max(first, Offsets[slot]); s <= last; s++) to[s] = Value(values.ArcScores[row + s], 0);
        }
    }

    private void ReadStates(TensorMemory<T> from)
    {
        for (int s = 0; s < States; s++) ofEnds[s] = Value(from[Batch.StatesAt(Utterance) + s], 0);
    }

    private static double Value(T value, double taken) => T.IsNegativeInfinity(value) ? 0 : double.CreateTruncating(value) - taken;
}
