using System.Runtime.CompilerServices;
using Ctc.Engine.Frames;
using Ctc.Engine.Recursions.Fused.Memory;
using Ctc.Engine.Recursions.Fused.Numbers;
using Ctc.Engine.Recursions.Fused.Results;

namespace Ctc.Engine.Recursions.Fused.Singles;

/// <summary>The loop over the frames; and which utterances float32 is sure to hold.</summary>
/// <typeparam name="TLanes">The vectors.</typeparam>
internal abstract class SinglePass<TLanes> : SinglePass
    where TLanes : struct, ILanes<TLanes>
{
    private readonly double[] starts, ends;
    private int block;
    private StateWindow window;

    /// <param name="batch">The batch.</param>
    /// <param name="rows">The number of frames whose α is kept: that of the longest utterance, or 0 without a backward pass.</param>
    /// <param name="limit">The memory of α beyond which it is kept in blocks, in bytes.</param>
    /// <param name="floatsOfAlpha">The numbers of a frame that are kept of each block.</param>
    /// <param name="tokens">The largest number of tokens whose emissions are kept besides, of the frames of one block.</param>
    protected SinglePass(BandedBatch<float> batch, int rows, long limit, int floatsOfAlpha, int tokens)
    {
        Batch = batch;
        double ofAlpha = (double)sizeof(float) * floatsOfAlpha, ofEmissions = 2.0 * sizeof(float) * UtteranceLabels.Room(tokens);
        Blocks = rows == 0 ? FrameBlocks.Two : FrameBlocks.For(rows, ofAlpha + ofEmissions, ofAlpha, limit);
        Scores = new TokenScores<TLanes>(tokens, BlocksOfEmissions);
        (starts, ends) = (new double[batch.States], new double[batch.States]);
        Labels = new UtteranceLabels(batch.Tokens, batch.States);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override double? Forward(int which)
    {
        (Utterance, Frames) = (which, (int)Batch.Lengths[which]);
        if (!Batch.ReadStates(Batch.Initial, which, starts) || !Batch.ReadStates(Batch.Final, which, ends)) return null;
        window = new StateWindow(Batch.Offsets.AsSpan(0, Batch.UsedSlots), starts, ends, Frames);
        if (Frames == 0 || window.IsEmpty) return double.NegativeInfinity;
        States = ends.AsSpan().LastIndexOfAnyExcept(double.NegativeInfinity) + 1;
        Labels.Load(Batch.Labels.Slice(Batch.StatesAt(which), States));
        if (!Arrange()) return null;
        (int first, int last) = window.At(0);
        if (last < first) return double.NegativeInfinity;
        for (int s = first; s <= last; s++) Start(s, SingleRange.FromLog(starts[s]));
        double shift = 0, budget = -2 * (Most(starts) + Most(ends));
        for (int from = 0, to; from < Frames; from = to)
        {
            to = Math.Min(from + Together, Frames);
            if (!Load(from, to)) return null;
            for (int t = from; t < to; t++)
            {
                float best = Scores.Best(t), least = Scores.Least(t);
                if (float.IsNaN(best)) return null;
                if (float.IsNegativeInfinity(best)) return double.NegativeInfinity;
                budget += (least - (2 * MostOfArcs)) / ExtendedRange.LogTwo;
                if (budget < SingleRange.Least || least < SingleRange.LeastLog) return null;
                shift += best;
            }

            for (int t = from; t < to; t++) Enter(t);
            if (Blocks.Ends(to - 1) && to < Frames) Keep(to - 1);
        }

        block = Blocks.Of(Frames - 1);
        double end = End();
        return shift + end;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Backward(PosteriorMemory<float> to)
    {
        to.Posterior.Begin(Utterance, Labels.Tokens.AsSpan(0, Labels.Count));
        for (int end = Frames, start; end > 0; end = start)
        {
            start = (end - 1) / SingleOccupancy<TLanes>.Frames * SingleOccupancy<TLanes>.Frames;
            if (Blocks.Of(start) != block) Recompute(Blocks.Of(start));
            (int First, int Last) group = (window.At(start).First, window.At(end - 1).Last);
            for (int t = end - 1; t >= start; t--) Leave(t, group, to);
            Write(start, end - start, group, to);
        }
    }

    /// <inheritdoc/>
    public override void Dispose() => Scores.Dispose();

    /// <summary>Gets the batch.</summary>
    protected BandedBatch<float> Batch { get; }

    /// <summary>Gets the frames that are held.</summary>
    protected FrameBlocks Blocks { get; }

    /// <summary>Gets the frames whose emissions are held.</summary>
    protected FrameBlocks BlocksOfEmissions => Blocks.Rows < FrameBlocks.Shortest ? FrameBlocks.Shortly : Blocks;

    /// <summary>Gets what reads the emissions.</summary>
    protected TokenScores<TLanes> Scores { get; }

    /// <summary>Gets the tokens of the utterance.</summary>
    protected UtteranceLabels Labels { get; }

    /// <summary>Gets the utterance.</summary>
    protected int Utterance { get; private set; }

    /// <summary>Gets N.</summary>
    protected int Frames { get; private set; }

    /// <summary>Gets the number of its states that a path may be in.</summary>
    protected int States { get; private set; }

    /// <summary>Gets or sets the largest absolute value of the finite scores of the arcs into a frame.</summary>
    protected double MostOfArcs { get; set; }

    /// <summary>Returns the first and the last state that may be on a path in a frame.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected (int First, int Last) Window(int t) => window.At(t);

    /// <summary>Is called when the utterance, its labels and its window are known.</summary>
    /// <returns>Whether this pass takes the utterance.</returns>
    protected abstract bool Arrange();

    /// <summary>Sets the probability to start in a state.</summary>
    protected abstract void Start(int state, (float Mantissa, int Exponent) probability);

    /// <summary>Sets β of a state in the last frame.</summary>
    protected abstract void End(int state, (float Mantissa, int Exponent) beta);

    /// <summary>Loads the emissions of frames of one block; if arcs depend on time, of one frame, with the arcs into it.</summary>
    /// <param name="from">The first frame.</param>
    /// <param name="to">The end of the frames.</param>
    /// <returns>Whether the numbers of all arcs are held.</returns>
    protected abstract bool Load(int from, int to);

    /// <summary>Computes α of a frame.</summary>
    protected abstract void Enter(int t);

    /// <summary>Returns α of a state.</summary>
    protected abstract (float Mantissa, int Exponent) Alpha(int t, int state);

    /// <summary>Computes β of a frame and the masses of its states.</summary>
    /// <param name="t">The frame.</param>
    /// <param name="group">The first and the last state in the windows of the frames that are written at once.</param>
    /// <param name="to">The outputs.</param>
    protected abstract void Leave(int t, (int First, int Last) group, PosteriorMemory<float> to);

    /// <summary>Writes the masses of a group of frames.</summary>
    protected abstract void Write(int frame, int frames, (int First, int Last) group, PosteriorMemory<float> to);

    /// <summary>Keeps α of the last frame of a block, when the next block begins.</summary>
    protected abstract void Keep(int t);

    /// <summary>Restores it.</summary>
    protected abstract void Restore(int t);

    // Emissions of several frames are computed at once: none waits for another. Arcs are those of one frame.
    private int Together => Batch.Timed ? 1 : FrameBlocks.Shortest;

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

    // α of the frames of a block, after which another block has been computed.
    private void Recompute(int which)
    {
        block = which;
        int start = Blocks.Start(block), end = Blocks.Start(block + 1);
        if (block > 0) Restore(start - 1);
        for (int from = start; from < end; from += Together)
        {
            Load(from, from + Together);
            for (int t = from; t < from + Together; t++) Enter(t);
        }
    }

    // Computes ln Z less the divisors of the emissions, and β of the last frame.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double End()
    {
        (int first, int last) = window.At(Frames - 1);
        double largest = double.NegativeInfinity, sum = 0;
        for (int s = first; s <= last; s++) largest = Math.Max(largest, Log(s) + ends[s]);
        if (largest < (double)SingleRange.Least * 2 * ExtendedRange.LogTwo) return double.NegativeInfinity;
        for (int s = first; s <= last; s++) sum += Math.Exp(Log(s) + ends[s] - largest);
        double total = largest + Math.Log(sum);
        for (int s = first; s <= last; s++) End(s, SingleRange.FromLog(ends[s] - total));
        return total;

        double Log(int s)
        {
            (float mantissa, int exponent) = Alpha(Frames - 1, s);
            return Math.Log(mantissa) + (exponent * ExtendedRange.LogTwo);
        }
    }
}
