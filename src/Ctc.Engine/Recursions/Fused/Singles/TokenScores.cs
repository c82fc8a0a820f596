using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ctc.Engine.Recursions.Fused.Memory;
using Ctc.Engine.Recursions.Fused.Numbers;

namespace Ctc.Engine.Recursions.Fused.Singles;

/// <summary>Reads the scores of some tokens in each frame: exp of them, divided by that of the best.</summary>
/// <remarks>
/// What the best token says is exactly 1, so certain frames have no rounding errors; the logarithm of the divisor is summed in double. The results
/// are plain numbers, but in frames in which one is below e⁻⁴⁰: there they have exponents. Several frames are read at once: none waits for another.
/// </remarks>
/// <typeparam name="TLanes">The vectors.</typeparam>
internal sealed class TokenScores<TLanes> : IDisposable
    where TLanes : struct, ILanes<TLanes>
{
    /// <summary>The largest number of tokens of which <see cref="Pick"/> picks.</summary>
    public const int Table = 32;

    private const float Narrow = -40;
    private const int FramesAhead = 8;

    private readonly int room;
    private readonly float[] logs, best, least;
    private readonly FrameRows<bool> wide;

    /// <param name="room">The largest number of tokens.</param>
    /// <param name="blocks">The frames that are held.</param>
    public TokenScores(int room, FrameBlocks blocks)
    {
        this.room = UtteranceLabels.Room(room);
        logs = new float[FrameBlocks.Shortest * this.room];
        (best, least) = (new float[FrameBlocks.Shortest], new float[FrameBlocks.Shortest]);
        wide = new FrameRows<bool>(blocks, 1);
    }

    /// <summary>Returns the score of the best token in a frame that was read last; −∞ if no token is possible, NaN if a score is NaN or +∞.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Best(int frame) => best[frame & (FrameBlocks.Shortest - 1)];

    /// <summary>Returns the least finite score less that of the best in such a frame, or something less than it but above −41.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Least(int frame) => least[frame & (FrameBlocks.Shortest - 1)];

    /// <summary>Returns whether the results of a frame have exponents.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsWide(int frame) => wide.At(frame, 0);

    /// <summary>Copies a number of each token to places of a window, in whole vectors.</summary>
    /// <param name="from">A table by index of the token.</param>
    /// <param name="numbers">The index of the token of each place.</param>
    /// <param name="to">By place.</param>
    /// <param name="first">The first place of the window.</param>
    /// <param name="last">The last place of the window.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Pick(ref float from, int[] numbers, ref float to, int first, int last)
    {
        ref float places = ref Unsafe.As<int, float>(ref MemoryMarshal.GetArrayDataReference(numbers));
        for (nint s = first; s <= last; s += TLanes.Count) TLanes.Pick(ref from, TLanes.Load(ref places, s)).Store(ref to, s);
    }

    /// <summary>Reads frames of one block.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="utterance">The utterance.</param>
    /// <param name="from">The first frame.</param>
    /// <param name="to">The end of the frames.</param>
    /// <param name="tokens">The tokens that are read.</param>
    /// <param name="rows">Receive the results, in whole vectors. Those of a frame without a best token are undefined.</param>
    /// <param name="mantissas">Where they begin in a row.</param>
    /// <param name="exponents">Where their exponents begin.</param>
    [MethodImpl(InnerLoop.Compiled)]
    public void Read(
        BandedBatch<float> batch, int utterance, int from, int to, in TokenList tokens, FrameRows<float> rows, int mantissas, int exponents)
    {
        int count = tokens.Count;
        bool inPlace = tokens.All && count % TLanes.Count == 0;
        long first = batch.ScoresAt(from, utterance), step = batch.ScoresAt(1, 0), row = first;
        for (int t = from; t < to; t++, row += step)
        {
            ref float x = ref batch.Scores[row];
            FindBest(ref inPlace ? ref x : ref Gather(ref x, t, tokens), t, count, tokens);
            Prefetch(batch.Scores, row + (FramesAhead * step), tokens);
        }

        row = first;
        for (int t = from; t < to; t++, row += step)
        {
            float best = Best(t);
            if (!float.IsFinite(best)) continue;
            ref float x = ref inPlace ? ref batch.Scores[row] : ref Log(t);
            if (IsWide(t)) ExpWide(ref x, t, count, tokens, ref rows.At(t, mantissas), ref rows.At(t, exponents));
            else Exp(ref x, best, count, ref rows.At(t, mantissas));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => wide.Dispose();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(TensorMemory<float> scores, long row, in TokenList tokens)
    {
        int[] its = tokens.Tokens;
        if (tokens.All) for (int i = 0; i < tokens.Count; i += TensorMemory<float>.CacheLine) scores.Prefetch(row + i);
        else for (int i = 0; i < its.Length && i < tokens.Count; i++) scores.Prefetch(row + its[i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref float Log(int frame) => ref logs[(frame & (FrameBlocks.Shortest - 1)) * room];

    // Returns the scores of the tokens, padded to whole vectors with that of a token that is used, so that the best one is.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref float Gather(ref float from, int frame, in TokenList tokens)
    {
        ref float x = ref Log(frame);
        ref int token = ref MemoryMarshal.GetArrayDataReference(tokens.Tokens);
        int i = 0, count = tokens.Count;
        for (; i < count; i++) Unsafe.Add(ref x, i) = Unsafe.Add(ref from, Unsafe.Add(ref token, i));
        for (; i % TLanes.Count != 0; i++) Unsafe.Add(ref x, i) = Unsafe.Add(ref from, Unsafe.Add(ref token, tokens.Used));
        return ref x;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void FindBest(ref float x, int frame, int count, in TokenList tokens)
    {
        ref float unused = ref MemoryMarshal.GetArrayDataReference(tokens.Unused);
        TLanes good = TLanes.OfWhole(-1), most = TLanes.Of(float.NegativeInfinity), last = TLanes.Of(float.PositiveInfinity);
        for (nint i = 0; i < count; i += TLanes.Count)
        {
            TLanes log = TLanes.Load(ref x, i);
            good = TLanes.WhereScores(good, log);
            last = TLanes.Min(last, log); // that of an unused token too: it may make a frame wide, and changes no number
            most = TLanes.Max(most, log + TLanes.Load(ref unused, i));
        }

        float largest = TLanes.AreMarked(good) ? TLanes.Largest(most) : float.NaN;
        (best[frame & (FrameBlocks.Shortest - 1)], least[frame & (FrameBlocks.Shortest - 1)]) = (largest, Narrow);
        wide.At(frame, 0) = TLanes.AnyBelow(last - TLanes.Of(largest), Narrow);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Exp(ref float x, float best, int count, ref float mantissas)
    {
        TLanes divisor = TLanes.Of(best);
        for (nint i = 0; i < count; i += TLanes.Count) SingleRange.PlainExp(TLanes.Load(ref x, i) - divisor).Store(ref mantissas, i);
    }

    [MethodImpl(InnerLoop.Compiled)]
    private void ExpWide(ref float x, int frame, int count, in TokenList tokens, ref float mantissas, ref float exponents)
    {
        float largest = Best(frame), smallest = Narrow;
        TLanes divisor = TLanes.Of(largest);
        for (nint i = 0; i < count; i += TLanes.Count)
        {
            (TLanes mantissa, TLanes exponent) = SingleRange.Exp(TLanes.Load(ref x, i) - divisor);
            mantissa.Store(ref mantissas, i);
            exponent.Store(ref exponents, i);
        }

        for (int i = 0; i < count; i++)
        {
            float log = Unsafe.Add(ref x, i) - largest;
            if (log < smallest && !float.IsNegativeInfinity(log) && tokens.Unused[i] == 0) smallest = log;
        }

        least[frame & (FrameBlocks.Shortest - 1)] = smallest;
    }
}
