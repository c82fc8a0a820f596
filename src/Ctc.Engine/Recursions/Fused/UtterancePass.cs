using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
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
/// <typeparam name="TLanes">The vectors.</typeparam>
internal abstract class UtterancePass<T, TLanes> : IPass<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TLanes : struct, IDoubleLanes<TLanes>
{
    private const int FramesAhead = 4;

    // Sums that fit there beside α are kept for the backward pass; others are faster to recompute than to load.
    private const long Cache = 1 << 20;

    private readonly FrameBlocks blocks;
    private readonly FrameRows<double> mantissas, exponents;
    private readonly int lead, stride, sumRows;
    private readonly double[] sums, sumExponents, starts, ends, startMantissas, startExponents;
    private readonly FrameEmissions<TLanes> emissions;
    private readonly FrameOccupancy<T, TLanes> occupancy;
    private int utterance, frames, states;
    private StateWindow window;

    /// <param name="batch">The batch.</param>
    /// <param name="rows">The number of frames whose α is kept: that of the longest utterance, or 0 without a backward pass.</param>
    /// <param name="limit">The memory of α beyond which it is kept in blocks, in bytes.</param>
    /// <param name="reach">How far before and behind a window a frame reads the rows of another.</param>
    protected UtterancePass(LatticeBatch<T> batch, int rows, long limit, int reach)
    {
        Batch = batch;
        int length = (batch.States + reach + (2 * ExtendedRange.Lanes)) & -ExtendedRange.Lanes;
        lead = (Math.Max(reach, 1) + ExtendedRange.Lanes - 1) & -ExtendedRange.Lanes;
        stride = lead + length;
        double bytes = 2.0 * sizeof(double) * stride;
        blocks = rows == 0 ? FrameBlocks.Two : FrameBlocks.For(rows, bytes, bytes, limit);
        (mantissas, exponents) = (new FrameRows<double>(blocks, stride), new FrameRows<double>(blocks, stride));
        sumRows = blocks.Checkpoints == 0 && 2 * bytes * blocks.Rows <= Cache ? blocks.Rows : 2;
        sums = ArrayPool<double>.Shared.Rent(sumRows * stride);
        sumExponents = ArrayPool<double>.Shared.Rent(sumRows * stride);
        Mass = new double[length];
        (starts, ends, startMantissas, startExponents) = (new double[length], new double[length], new double[length], new double[length]);
        Labels = new UtteranceLabels(batch.Tokens, batch.States);
        emissions = new FrameEmissions<TLanes>(Labels, batch.States);
        occupancy = new FrameOccupancy<T, TLanes>(Labels, batch.States);
    }

    /// <summary>Runs the forward pass of an utterance.</summary>
    /// <param name="which">The utterance.</param>
    /// <returns>ln Z; −∞ if no path explains the frames, NaN if a score is NaN or +∞. Undefined for a length of 0.</returns>
    public virtual double Forward(int which)
    {
        (utterance, frames) = (which, (int)Batch.Lengths[which]);
        if (!Batch.ReadStates(Batch.Initial, which, starts) || !Batch.ReadStates(Batch.Final, which, ends)) return double.NaN;
        Arrange();
        window = new StateWindow(ArcLengths, starts.AsSpan(0, Batch.States), ends.AsSpan(0, Batch.States), frames);
        if (frames == 0 || window.IsEmpty) return double.NegativeInfinity;
        states = CountStates(ends.AsSpan(0, Batch.States));
        Labels.Load(Batch.Labels.Slice(Batch.StatesAt(utterance), states));
        ExtendedRange.Exp<TLanes>(starts, startMantissas, startExponents);
        if (!Batch.Timed && !LoadArcs(0)) return double.NaN;
        if (window.At(0) is var (from, to) && to < from) return double.NegativeInfinity;
        Begin();
        for (int t = 1; t < frames; t++)
        {
            if (Batch.Timed && !LoadArcs(t)) return double.NaN;
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
        if (to.Last is { } final) Write(Amounts, final, Batch.StatesAt(utterance));
        occupancy.Write(to, utterance, frames - 1, Amounts, window.At(frames - 1));
        for (int t = frames - 1; t > 0; t--)
        {
            if (blocks.Ends(t - 1)) Recompute(blocks.Of(t - 1));
            if (Batch.Timed) LoadArcs(t);
            Return(t, to.Arcs is not null);
            if (Batch.ByFrame && to.Arcs is { } entered) WriteArcs(entered, t);
            occupancy.Write(to, utterance, t - 1, Amounts, window.At(t - 1));
        }

        if (to.First is { } initial) Write(Amounts, initial, Batch.StatesAt(utterance));
        if (!Batch.ByFrame && to.Arcs is { } all) WriteArcs(all, 0);
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
    protected LatticeBatch<T> Batch { get; }

    /// <summary>Gets the tokens of the utterance.</summary>
    protected UtteranceLabels Labels { get; }

    /// <summary>Gets, in the backward pass, the mass of each state in the frame; 0 outside of the window.</summary>
    protected double[] Mass { get; }

    /// <summary>Gets what is summed by token in a frame of the backward pass: the masses of the states.</summary>
    protected virtual double[] Amounts => Mass;

    /// <summary>Gets the frames whose α is held.</summary>
    protected FrameBlocks Blocks => blocks;

    /// <summary>Gets the number of values in a row of α, and that of the zeros before its first state.</summary>
    protected (int Length, int Lead) RowSize => (stride, lead);

    /// <summary>Gets the lengths of the arcs of the utterance, or the least and the largest.</summary>
    protected abstract ReadOnlySpan<int> ArcLengths { get; }

    /// <summary>Gets the utterance.</summary>
    protected int Utterance => utterance;

    /// <summary>Gets the number of its states that a path may be in.</summary>
    protected int States => states;

    /// <summary>Returns the first and the last state that may be on a path in a frame.</summary>
    protected (int First, int Last) Window(int t) => window.At(t);

    /// <summary>Returns α of a frame.</summary>
    protected StateRow<double> Row(int t) => new(ref mantissas.At(t, lead), ref exponents.At(t, lead));

    /// <summary>Returns the number of states that a path may be in.</summary>
    /// <param name="scores">The final log-score of each state.</param>
    protected abstract int CountStates(ReadOnlySpan<double> scores);

    /// <summary>Is called before arcs are loaded, once for each utterance.</summary>
    protected virtual void Arrange()
    {
    }

    /// <summary>Loads the arcs into a frame; those of frame 0 are of all frames.</summary>
    /// <returns>Whether all scores are below +∞ and none is NaN.</returns>
    protected abstract bool LoadArcs(int t);

    /// <summary>Computes the sums and α of frame t from α of the frame before.</summary>
    /// <param name="t">The frame, at least 1.</param>
    /// <param name="emissions">Those of the frame.</param>
    /// <param name="sum">Receives Σ α·arc of each state in the window.</param>
    protected abstract void Enter(int t, FrameEmissions<TLanes> emissions, in StateRow<double> sum);

    /// <summary>Sets α of a frame to zero where the next one reads it beside its window.</summary>
    protected abstract void Close(int t);

    /// <summary>Computes the masses of frame t − 1 from those of frame t.</summary>
    /// <param name="t">The frame, at least 1.</param>
    /// <param name="take">Whether the masses of arcs are wanted.</param>
    protected abstract void Return(int t, bool take);

    /// <summary>Writes the masses of arcs, and forgets them.</summary>
    /// <param name="to">Receives the masses.</param>
    /// <param name="frame">The frame entered, or 0 for all.</param>
    protected abstract void WriteArcs(TensorMemory<T> to, int frame);

    /// <summary>Is called after α of the first frame.</summary>
    protected virtual void Begun()
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

    /// <summary>Returns the sums of a frame, and whether they are those of the forward pass.</summary>
    protected StateRow<double> Sums(int t, out bool areKept)
    {
        areKept = sumRows >= blocks.Rows;
        return SumRow(t);
    }

    /// <summary>Sets α of a frame to zero in a range of states, which may be beside its row by the reach.</summary>
    protected virtual void Silence(int t, int from, int count)
    {
        mantissas.Slice(t, lead + from, count).Fill(1);
        exponents.Slice(t, lead + from, count).Fill(double.NegativeInfinity);
    }

    /// <summary>Writes a row of states.</summary>
    private void Write(double[] row, TensorMemory<T> to, long start)
    {
        for (int s = 0; s < states; s++) to[start + s] = T.CreateTruncating(row[s]);
    }

    private StateRow<double> StartRow => new(ref startMantissas[0], ref startExponents[0]);

    private StateRow<double> SumRow(int t)
    {
        int start = t % sumRows * stride;
        return new(ref sums[start], ref sumExponents[start]);
    }

    private long ScoresAt(int t) => Batch.ScoresAt(t, utterance);

    private void Begin()
    {
        (int first, int last) = window.At(0);
        emissions.Load(Batch.Scores, ScoresAt(0), ScoresAt(FramesAhead), first, last);
        FrameStep<TLanes>.Begin(StartRow, emissions, Row(0), first, last);
        Begun();
    }

    private void Enter(int t)
    {
        (int first, int last) = window.At(t);
        emissions.Load(Batch.Scores, ScoresAt(t), ScoresAt(t + FramesAhead), first, last);
        Enter(t, emissions, SumRow(t));
    }

    // α of the frames of a block, to its last one, after which another block has been computed.
    private void Recompute(int block)
    {
        int start = blocks.Start(block), end = blocks.Start(block + 1) - 1;
        if (block == 0) Begin();
        else Restore(start - 1);
        for (int t = Math.Max(start, 1); t <= end; t++)
        {
            if (Batch.Timed) LoadArcs(t);
            if (t > start) Close(t - 1);
            Enter(t);
        }

        Close(end);
    }

    // Sums over the last states, and stores their shares in Mass.
    private double End()
    {
        (int first, int last) = window.At(frames - 1);
        StateRow<double> alpha = Row(frames - 1);
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
}
