using System.Buffers;
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

    private readonly UtteranceLabels labels;
    private readonly float[] logs, mantissas, exponents, ofStates, exponentsOfStates;
    private readonly bool[] wide;
    private readonly int room, frames;

    /// <param name="labels">The tokens of the states.</param>
    /// <param name="length">The length of a row of states.</param>
    /// <param name="states">S.</param>
    /// <param name="frames">The number of frames that are kept.</param>
    public SingleEmissions(UtteranceLabels labels, int length, int states, int frames)
    {
        (this.labels, this.frames) = (labels, frames);
        room = ((2 * states) + TLanes.Count - 1) & -TLanes.Count;
        logs = new float[room];
        mantissas = ArrayPool<float>.Shared.Rent(checked(frames * room));
        exponents = ArrayPool<float>.Shared.Rent(checked(frames * room));
        (ofStates, exponentsOfStates) = (new float[length], new float[length]);
        wide = ArrayPool<bool>.Shared.Rent(frames);
    }

    /// <summary>Gets the emissions of the states in the window last spread; undefined beyond it.</summary>
    public SingleRow Row => new(ref MemoryMarshal.GetArrayDataReference(ofStates), ref MemoryMarshal.GetArrayDataReference(exponentsOfStates));

    /// <summary>Returns whether the emissions of a frame have exponents.</summary>
    public bool IsWide(int frame) => wide[frame % frames];

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
        int count = labels.Count, inPlace = labels.All ? count & -TLanes.Count : 0;
        ref float x = ref MemoryMarshal.GetArrayDataReference(logs);
        ref float from = ref scores[row];
        ref int tokens = ref MemoryMarshal.GetArrayDataReference(labels.Tokens);
        for (int i = inPlace; i < count; i++) Unsafe.Add(ref x, i) = Unsafe.Add(ref from, Unsafe.Add(ref tokens, i));
        for (int i = count; i % TLanes.Count != 0; i++) Unsafe.Add(ref x, i) = from;
        if (labels.All) for (int i = 0; i < count; i += TensorMemory<float>.CacheLine) scores.Prefetch(row + (FramesAhead * step) + i);
        else for (int i = 0; i < count; i++) scores.Prefetch(row + (FramesAhead * step) + Unsafe.Add(ref tokens, i));

        (best, least) = (float.NegativeInfinity, Narrow);
        ref float unused = ref MemoryMarshal.GetArrayDataReference(labels.Unused);
        TLanes most = TLanes.Of(float.NegativeInfinity);
        bool good = true;
        for (int i = 0; i < count; i += TLanes.Count)
        {
            TLanes log = TLanes.Load(ref i < inPlace ? ref from : ref x, i);
            good &= TLanes.AreScores(log);
            most = TLanes.Max(most, labels.All ? log + TLanes.Load(ref unused, i) : log);
        }

        if (!good) return false;
        best = TLanes.Largest(most);
        if (float.IsNegativeInfinity(best)) return true;
        int start = frame % frames * room;
        ref float m = ref mantissas[start], e = ref exponents[start];
        TLanes divisor = TLanes.Of(best);
        bool isWide = false;
        for (int i = 0; i < count; i += TLanes.Count)
        {
            TLanes log = TLanes.Load(ref i < inPlace ? ref from : ref x, i) - divisor;
            isWide |= TLanes.AnyBelow(log, Narrow);
            (TLanes mantissa, TLanes exponent) = SingleRange.Exp(log);
            mantissa.Store(ref m, i);
            exponent.Store(ref e, i);
        }

        wide[frame % frames] = isWide;
        if (isWide)
        {
            for (int i = 0; i < count; i++)
            {
                float log = (i < inPlace ? Unsafe.Add(ref from, i) : Unsafe.Add(ref x, i)) - best;
                if (log < least && !float.IsNegativeInfinity(log) && !(labels.All && labels.Unused[i] != 0)) least = log;
            }
        }
        else
        {
            for (int i = 0; i < count; i += TLanes.Count) (TLanes.Load(ref m, i) * TLanes.PowerOfTwo(TLanes.Load(ref e, i))).Store(ref m, i);
        }

        return true;
    }

    /// <summary>Copies the emissions of the tokens in a frame to the states of a window, in whole vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Spread(int frame, int first, int last)
    {
        int start = frame % frames * room;
        labels.Within(first, last);
        Spread(ref mantissas[start], ref MemoryMarshal.GetArrayDataReference(ofStates), first, last);
        if (IsWide(frame)) Spread(ref exponents[start], ref MemoryMarshal.GetArrayDataReference(exponentsOfStates), first, last);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<float>.Shared.Return(mantissas);
        ArrayPool<float>.Shared.Return(exponents);
        ArrayPool<bool>.Shared.Return(wide);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Spread(ref float from, ref float to, int first, int last)
    {
        TLanes common = TLanes.Load(ref from, 0);
        common = TLanes.Of(Unsafe.Add(ref from, labels.Common));
        for (nint s = first; s <= last; s += TLanes.Count) common.Store(ref to, s);
        ref int state = ref MemoryMarshal.GetArrayDataReference(labels.Others), number = ref MemoryMarshal.GetArrayDataReference(labels.OtherNumbers);
        nint end = labels.To;
        for (nint i = labels.From; i < end; i++) Unsafe.Add(ref to, Unsafe.Add(ref state, i)) = Unsafe.Add(ref from, Unsafe.Add(ref number, i));
    }
}
