using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ctc.Engine.Recursions.Fused.Memory;
using Ctc.Engine.Recursions.Fused.Numbers;

namespace Ctc.Engine.Recursions.Fused.Singles;

/// <summary>The emissions of one utterance: exp of the scores of its tokens, divided by that of the best of them in each frame.</summary>
/// <remarks>
/// What the best token says is exactly 1, so certain frames have no rounding errors; the logarithm of the divisor is summed in double. Emissions are
/// plain numbers, but for frames in which one is below e⁻⁴⁰: there they have exponents.
/// </remarks>
/// <typeparam name="TLanes">The vectors.</typeparam>
internal sealed class SingleEmissions<TLanes> : IDisposable
    where TLanes : struct, ILanes<TLanes>
{
    private const float Narrow = -40;
    private const int FramesAhead = 8;
    private const int Table = 32; // of Pick

    private readonly UtteranceLabels labels;
    private readonly FrameRows<float> mantissas, exponents;
    private readonly FrameRows<bool> wide;
    private readonly float[] logs, ofStates, exponentsOfStates;

    /// <param name="labels">The tokens of the states.</param>
    /// <param name="length">The length of a row of states.</param>
    /// <param name="states">S.</param>
    /// <param name="blocks">The frames that are held.</param>
    public SingleEmissions(UtteranceLabels labels, int length, int states, FrameBlocks blocks)
    {
        this.labels = labels;
        int room = Math.Max(UtteranceLabels.Room(2 * states), Table);
        logs = new float[room];
        (mantissas, exponents, wide) = (new FrameRows<float>(blocks, room), new FrameRows<float>(blocks, room), new FrameRows<bool>(blocks, 1));
        (ofStates, exponentsOfStates) = (new float[length], new float[length]);
    }

    /// <summary>Gets the emissions of the states in the window last spread; undefined beyond it.</summary>
    public StateRow<float> Row => new(ref MemoryMarshal.GetArrayDataReference(ofStates), ref MemoryMarshal.GetArrayDataReference(exponentsOfStates));

    /// <summary>Returns whether the emissions of a frame have exponents.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsWide(int frame) => wide.At(frame, 0);

    /// <summary>Computes the emissions of a frame.</summary>
    /// <param name="scores">All scores.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="row">The position of the first score of the utterance in the frame.</param>
    /// <param name="step">The distance to the next frame.</param>
    /// <param name="best">Receives the score of the best token; −∞ if no token is possible.</param>
    /// <param name="least">Receives the least finite score less that of the best, or something less than it but above −41.</param>
    /// <returns>Whether all scores are below +∞ and none is NaN.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Load(TensorMemory<float> scores, int frame, long row, long step, out float best, out float least)
    {
        (best, least) = (float.NegativeInfinity, Narrow);
        int count = labels.Count;
        ref float x = ref labels.All && count % TLanes.Count == 0 ? ref scores[row] : ref Gather(ref scores[row], count);
        if (labels.All) for (int i = 0; i < count; i += TensorMemory<float>.CacheLine) scores.Prefetch(row + (FramesAhead * step) + i);
        else for (int i = 0; i < count; i++) scores.Prefetch(row + (FramesAhead * step) + labels.Tokens[i]);

        bool good = true;
        TLanes most = TLanes.Of(float.NegativeInfinity), last = TLanes.Of(float.PositiveInfinity);
        for (nint i = 0; i < count; i += TLanes.Count)
        {
            TLanes log = TLanes.Load(ref x, i);
            good &= TLanes.AreScores(log);
            last = TLanes.Min(last, log); // that of an unused token too: it may make a frame wide, and changes no number
            if (labels.All) log += TLanes.Load(ref MemoryMarshal.GetArrayDataReference(labels.Unused), i);
            most = TLanes.Max(most, log);
        }

        if (!good) return false;
        best = TLanes.Largest(most);
        if (float.IsNegativeInfinity(best)) return true;
        TLanes divisor = TLanes.Of(best);
        ref float m = ref mantissas.At(frame, 0), e = ref exponents.At(frame, 0);
        if (!(wide.At(frame, 0) = TLanes.Smallest(last) - best < Narrow))
        {
            for (nint i = 0; i < count; i += TLanes.Count)
            {
                (TLanes mantissa, TLanes exponent) = SingleRange.Exp(TLanes.Load(ref x, i) - divisor);
                (mantissa * TLanes.PowerOfTwo(exponent)).Store(ref m, i);
            }

            return true;
        }

        for (nint i = 0; i < count; i += TLanes.Count)
        {
            (TLanes mantissa, TLanes exponent) = SingleRange.Exp(TLanes.Load(ref x, i) - divisor);
            mantissa.Store(ref m, i);
            exponent.Store(ref e, i);
        }

        for (int i = 0; i < count; i++)
        {
            float log = Unsafe.Add(ref x, i) - best;
            if (log < least && !float.IsNegativeInfinity(log) && !(labels.All && labels.Unused[i] != 0)) least = log;
        }

        return true;
    }

    /// <summary>Copies the emissions of the tokens in a frame to the states of a window, in whole vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Spread(int frame, int first, int last)
    {
        Spread(ref mantissas.At(frame, 0), ref MemoryMarshal.GetArrayDataReference(ofStates), first, last);
        if (IsWide(frame)) Spread(ref exponents.At(frame, 0), ref MemoryMarshal.GetArrayDataReference(exponentsOfStates), first, last);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        mantissas.Dispose();
        exponents.Dispose();
        wide.Dispose();
    }

    // Returns the scores of the tokens, padded to whole vectors with that of a token that is used, so that the best one is.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref float Gather(ref float from, int count)
    {
        ref float x = ref MemoryMarshal.GetArrayDataReference(logs);
        ref int tokens = ref MemoryMarshal.GetArrayDataReference(labels.Tokens);
        int i = 0;
        for (; i < count; i++) Unsafe.Add(ref x, i) = Unsafe.Add(ref from, Unsafe.Add(ref tokens, i));
        for (; i % TLanes.Count != 0; i++) Unsafe.Add(ref x, i) = Unsafe.Add(ref from, Unsafe.Add(ref tokens, labels.Common));
        return ref x;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Spread(ref float from, ref float to, int first, int last)
    {
        if (labels.Count <= Table)
        {
            ref float places = ref Unsafe.As<int, float>(ref MemoryMarshal.GetArrayDataReference(labels.Numbers));
            for (nint s = first; s <= last; s += TLanes.Count) TLanes.Pick(ref from, TLanes.Load(ref places, s)).Store(ref to, s);
            return;
        }

        labels.Within(first, last);
        TLanes common = TLanes.Of(Unsafe.Add(ref from, labels.Common));
        for (nint s = first; s <= last; s += TLanes.Count) common.Store(ref to, s);
        labels.SpreadOthers(ref from, ref to);
    }
}
