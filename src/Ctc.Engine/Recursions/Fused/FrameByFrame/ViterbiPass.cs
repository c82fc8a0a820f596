using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Ctc.Engine.Frames;
using Ctc.Engine.Recursions.Fused.Memory;
using Ctc.Engine.Recursions.Fused.Numbers;

namespace Ctc.Engine.Recursions.Fused.FrameByFrame;

/// <summary>The best path of one utterance at a time. One instance for each thread.</summary>
/// <remarks>
/// The same sums of logarithms, in the same type and order, as the recursion of torch operations, so the same bits and the same ties. Two bits are
/// stored for each state and frame. O(N·S) time and memory for an utterance of N frames; beyond a limit O(√N·S) memory (<see cref="FrameBlocks"/>).
/// Of a long utterance only the states are searched that can be on the best path (<see cref="PathBound{T}"/>); path and score are the same.
/// </remarks>
/// <typeparam name="T">float or double.</typeparam>
internal sealed class ViterbiPass<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int FramesAhead = 4;

    private static readonly int Lanes = Vector512<T>.Count;

    private readonly BandedBatch<T> batch;
    private readonly int reach, vectors;
    private readonly T[] emissions;
    private readonly T[][] arcs;
    private readonly double[] starts, ends;
    private readonly FrameBlocks blocks;
    private readonly FrameRows<ushort> advances, skips;
    private readonly T[] checkpoints;
    private readonly int[] firsts, lasts; // of the states that are kept in each frame
    private readonly long manyStates;
    private T[] before, alpha;
    private int states;
    private StateWindow window;

    /// <param name="batch">The batch.</param>
    /// <param name="limit">The memory beyond which decisions are stored in blocks, in bytes.</param>
    /// <param name="manyStates">The states of all frames of an utterance beyond which it is long.</param>
    public ViterbiPass(BandedBatch<T> batch, long limit, long manyStates)
    {
        (this.batch, this.manyStates) = (batch, manyStates);
        (firsts, lasts) = (new int[batch.Frames], new int[batch.Frames]);
        reach = batch.Offsets.Max();
        vectors = (batch.States / Lanes) + 1;
        int length = (vectors + 1) * Lanes;
        (emissions, starts, ends) = (new T[length], new double[batch.States], new double[batch.States]);
        (before, alpha) = (new T[(2 * reach) + length], new T[(2 * reach) + length]);
        arcs = [new T[length], new T[length], new T[length]];
        blocks = FrameBlocks.For(batch.Frames, 2.0 * sizeof(ushort) * vectors, (double)Unsafe.SizeOf<T>() * alpha.Length, limit);
        (advances, skips) = (new FrameRows<ushort>(blocks, vectors), new FrameRows<ushort>(blocks, vectors));
        checkpoints = ArrayPool<T>.Shared.Rent(checked(blocks.Checkpoints * alpha.Length));
    }

    /// <summary>Computes the best path of an utterance, and its score.</summary>
    /// <param name="utterance">The utterance.</param>
    /// <param name="paths">[T, B], −1 before: the states of the path are written, if there is one.</param>
    /// <returns>The score; −∞ if there is no path, NaN if a score in a window or of an arc is NaN or +∞. Undefined for a length of 0.</returns>
    public T Run(int utterance, TensorMemory<long> paths)
    {
        int frames = (int)batch.Lengths[utterance];
        if (!batch.ReadStates(batch.Initial, utterance, starts) || !batch.ReadStates(batch.Final, utterance, ends)) return T.NaN;
        window = new StateWindow(batch.Offsets.AsSpan(0, batch.UsedSlots), starts, ends, frames);
        if (frames == 0 || window.IsEmpty) return T.NegativeInfinity;
        states = ends.AsSpan().LastIndexOfAnyExcept(double.NegativeInfinity) + 1;
        bool isLong = (long)frames * states > manyStates && !batch.Timed;
        PathBound<T>? bound = isLong ? PathBound<T>.Create(batch, utterance, frames, states, ends.Max()) : null;
        if (bound is not null)
        {
            T known = Search(utterance, frames, bound).Score;
            if (T.IsFinite(known)) bound.Know(known);
            else bound = null;
        }

        (T score, int state) = Search(utterance, frames, bound);
        if (state >= 0 && !T.IsNegativeInfinity(score)) Trace(utterance, frames, state, paths);
        return score;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        advances.Dispose();
        skips.Dispose();
        ArrayPool<T>.Shared.Return(checkpoints);
    }

    // The score of the best path and its last state, −1 if there is none.
    private (T Score, int State) Search(int utterance, int frames, PathBound<T>? bound)
    {
        Array.Fill(alpha, T.NegativeInfinity);
        for (int t = 0; t < frames; t++)
        {
            (int first, int last) = Entered(t);
            if (last < first) return (T.NegativeInfinity, -1);
            if (!Enter(utterance, t, first, last)) return (T.NaN, -1);
            if (bound is not null)
            {
                double least = bound.LeastAt(t, alpha.AsSpan(reach + first, last - first + 1));
                while (first < last && double.CreateTruncating(alpha[reach + first]) < least) first++;
                while (last > first && double.CreateTruncating(alpha[reach + last]) < least) last--;
            }

            Surround(firsts[t] = first, lasts[t] = last);
            if (blocks.Ends(t) && t < frames - 1) alpha.CopyTo(Checkpoint(blocks.Of(t)));
        }

        return End((firsts[frames - 1], lasts[frames - 1]));
    }

    // The states of a frame that are reached from those that are kept in the frame before.
    private (int First, int Last) Entered(int t)
    {
        (int first, int last) = window.At(t);
        return t == 0 ? (first, last) : (Math.Max(first, firsts[t - 1]), (int)Math.Min(last, (long)lasts[t - 1] + reach));
    }

    // The next frame may read these around the states that are kept.
    private void Surround(int first, int last)
    {
        alpha.AsSpan(first, reach).Fill(T.NegativeInfinity);
        alpha.AsSpan(reach + last + 1, Math.Min(reach + Lanes, alpha.Length - reach - last - 1)).Fill(T.NegativeInfinity);
    }

    private Span<T> Checkpoint(int block) => checkpoints.AsSpan(block * alpha.Length, alpha.Length);

    // The decisions of the frames of a block, after which another block has been computed.
    private void Recompute(int utterance, int block)
    {
        if (block > 0) Checkpoint(block - 1).CopyTo(alpha);
        else Array.Fill(alpha, T.NegativeInfinity);
        for (int t = blocks.Start(block); t < blocks.Start(block + 1); t++)
        {
            (int first, int last) = Entered(t);
            Enter(utterance, t, first, last);
            Surround(firsts[t], lasts[t]);
        }
    }

    // Returns whether all scores in the window are below +∞ and none is NaN.
    private bool Enter(int utterance, int t, int first, int last)
    {
        if (!LoadEmissions(utterance, t, first, last)) return false;
        (before, alpha) = (alpha, before);
        if (t > 0) return Advance(utterance, t, first, last);
        Begin(first, last);
        return true;
    }

    private bool LoadEmissions(int utterance, int t, int first, int last)
    {
        bool good = true;
        long row = batch.ScoresAt(t, utterance), ahead = batch.ScoresAt(t + FramesAhead, utterance);
        ReadOnlySpan<long> labels = batch.Labels.Slice(batch.StatesAt(utterance), batch.States);
        ref T to = ref emissions[0];
        for (int s = first; s <= last; s++)
        {
            long label = labels[s];
            T score = Unsafe.Add(ref to, s) = batch.Scores[row + label];
            good &= score < T.PositiveInfinity; // and not NaN
            batch.Scores.Prefetch(ahead + label);
        }

        return good;
    }

    private void Begin(int first, int last)
    {
        for (int s = first; s <= last; s++) alpha[reach + s] = T.CreateTruncating(starts[s]) + emissions[s];
    }

    private bool Advance(int utterance, int t, int first, int last)
    {
        for (int slot = 0; slot < arcs.Length && (batch.Timed || t == 1); slot++)
        {
            if (!LoadArcs(utterance, t, slot)) return false;
        }

        Decide(ref advances.At(t, 0), ref skips.At(t, 0), first, last);
        return true;
    }

    [MethodImpl(InnerLoop.Compiled)]
    private void Decide(ref ushort advance, ref ushort skip, int first, int last)
    {
        ref T from = ref before[reach], to = ref alpha[reach], e = ref emissions[0], w0 = ref arcs[0][0], w1 = ref arcs[1][0], w2 = ref arcs[2][0];
        nint o0 = batch.Offsets[0], o1 = batch.Offsets[1], o2 = batch.Offsets[2];
        for (nint s = first; s <= last; s += Vector512<T>.Count)
        {
            Vector512<T> best = Load(ref from, s - o0) + Load(ref w0, s);
            Vector512<T> other = Load(ref from, s - o1) + Load(ref w1, s), better = Vector512.GreaterThan(other, best);
            advance = (ushort)better.ExtractMostSignificantBits();
            advance = ref Unsafe.Add(ref advance, 1);
            best = Vector512.ConditionalSelect(better, other, best);
            other = Load(ref from, s - o2) + Load(ref w2, s);
            better = Vector512.GreaterThan(other, best);
            skip = (ushort)better.ExtractMostSignificantBits();
            skip = ref Unsafe.Add(ref skip, 1);
            best = Vector512.ConditionalSelect(better, other, best) + Load(ref e, s);
            best.StoreUnsafe(ref Unsafe.Add(ref to, s));
        }
    }

    private bool LoadArcs(int utterance, int t, int slot)
    {
        Array.Fill(arcs[slot], T.NegativeInfinity);
        if (slot >= batch.UsedSlots) return true;
        batch.ArcScores.Slice(batch.ArcsAt(batch.Timed ? t : 0, slot, utterance), batch.States).CopyTo(arcs[slot]);
        arcs[slot].AsSpan(0, batch.Offsets[slot]).Fill(T.NegativeInfinity);
        bool good = true;
        foreach (T score in arcs[slot].AsSpan(0, states)) good &= score < T.PositiveInfinity; // and not NaN
        return good;
    }

    private (T Score, int State) End((int First, int Last) window)
    {
        (T best, int state) = (T.NegativeInfinity, -1);
        for (int s = window.First; s <= window.Last; s++)
        {
            T score = alpha[reach + s] + T.CreateTruncating(ends[s]);
            if (score >= best) (best, state) = (score, s);
        }

        return (best, state);
    }

    private void Trace(int utterance, int frames, int state, TensorMemory<long> paths)
    {
        int block = blocks.Of(frames - 1);
        for (int t = frames - 1; ; t--)
        {
            paths[((long)t * batch.Utterances) + utterance] = state;
            if (t == 0) break;
            if (blocks.Of(t) != block) Recompute(utterance, block = blocks.Of(t));
            int at = state - Entered(t).First, vector = at / Lanes, bit = 1 << (at % Lanes);
            int slot = (skips.At(t, vector) & bit) != 0 ? 2 : (advances.At(t, vector) & bit) != 0 ? 1 : 0;
            state -= batch.Offsets[slot];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Load(ref T row, nint s) => Vector512.LoadUnsafe(ref Unsafe.Add(ref row, s));
}
