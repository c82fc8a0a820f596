using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ctc.Engine.Recursions.Fused.Memory;
using Ctc.Engine.Recursions.Fused.Numbers;
using Ctc.Engine.Recursions.Fused.Results;

namespace Ctc.Engine.Recursions.Fused.Singles;

/// <summary>The occupancies of the tokens: the masses of the states of an utterance, summed by token.</summary>
/// <remarks>
/// As many frames as a vector has lanes are summed at once: transposed, the masses of a state are a vector over frames, which is added to that of its
/// token. The sum of a frame is divided out: it is 1 but for rounding errors.
/// </remarks>
/// <typeparam name="TLanes">The vectors.</typeparam>
/// <param name="labels">The tokens of the utterance.</param>
/// <param name="numbers">The index of the token of each place of a row, as in <see cref="UtteranceLabels.Numbers"/>.</param>
/// <param name="states">S.</param>
/// <param name="length">The length of a part of a row, in whole vectors.</param>
/// <param name="parts">The number of parts of a row, each with a place for each state; or with two parts, for every other state.</param>
internal sealed class SingleOccupancy<TLanes>(UtteranceLabels labels, int[] numbers, int states, int length, int parts = 1)
    where TLanes : struct, ILanes<TLanes>
{
    private readonly float[] masses = new float[TLanes.Count * parts * length];
    private readonly float[] square = new float[TLanes.Count * TLanes.Count];
    private readonly float[] rows = new float[UtteranceLabels.Room(2 * states) * TLanes.Count];
    private readonly float[] byToken = new float[UtteranceLabels.Room(2 * states) * TLanes.Count];

    /// <summary>Gets the number of frames that are summed at once. A group begins at each multiple of it.</summary>
    public static int Frames => TLanes.Count;

    /// <summary>Returns the masses of a part of a frame, from its first place on.</summary>
    public ref float this[int frame, int part = 0] => ref masses[((frame % Frames * parts) + part) * length];

    /// <summary>Sets the masses beside the window of a frame to 0, as far as the windows of its group reach, in a row of one part.</summary>
    public void Close(int frame, (int First, int Last) window, (int First, int Last) group)
    {
        Span<float> row = masses.AsSpan(frame % Frames * length, length);
        row[group.First..window.First].Clear();
        row[(window.Last + 1)..(group.Last + 1)].Clear();
    }

    /// <summary>Writes the occupancies of a group of frames.</summary>
    /// <param name="to">The outputs.</param>
    /// <param name="utterance">The utterance.</param>
    /// <param name="frame">The first frame of the group.</param>
    /// <param name="frames">The number of its frames.</param>
    /// <param name="group">The first and the last place in the windows of the group.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Write(PosteriorMemory<float> to, int utterance, int frame, int frames, (int First, int Last) group)
    {
        int room = UtteranceLabels.Room(labels.Count);
        byToken.AsSpan(0, room * TLanes.Count).Clear();
        for (int part = 0; part < parts; part++) Sum((part * length) + group.First, (part * length) + group.Last);
        ref float sums = ref MemoryMarshal.GetArrayDataReference(byToken), turned = ref MemoryMarshal.GetArrayDataReference(square);
        TLanes total = TLanes.Of(0);
        for (nint i = 0; i < room; i++) total += TLanes.Load(ref sums, i * TLanes.Count);
        TLanes scale = TLanes.Of(1) / total;
        for (nint i = 0; i < room; i++) (TLanes.Load(ref sums, i * TLanes.Count) * scale).Store(ref sums, i * TLanes.Count);
        bool vectors = to.Posterior.TakesVectors(utterance);
        long start = to.Posterior.Frame(utterance, frame), step = to.Posterior.Step(utterance);
        for (int i = 0; i < room; i += TLanes.Count)
        {
            TLanes.Transpose(ref Unsafe.Add(ref sums, i * TLanes.Count), TLanes.Count, ref turned);
            for (int t = 0; t < frames; t++) TLanes.Load(ref turned, t * TLanes.Count).Store(ref rows[(t * room) + i], 0);
        }

        for (int t = 0; t < frames; t++)
        {
            if (vectors)
            {
                ref float shares = ref to.Shares[start + (t * step)], own = ref rows[t * room];
                for (nint i = 0; i < room; i += TLanes.Count) TLanes.Load(ref own, i).Store(ref shares, i);
                for (int i = 0; i < room; i += TensorMemory<float>.CacheLine) to.Shares.Prefetch(start + ((t - Frames) * step) + i);
            }
            else to.Posterior.Write(to.Shares, utterance, frame + t, rows.AsSpan(t * room, room));
        }
    }

    /// <summary>Writes the masses of the states in a group of frames.</summary>
    /// <inheritdoc cref="Write"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void WriteStates(PosteriorMemory<float> to, int utterance, int frame, int frames, (int First, int Last) group)
    {
        int count = group.Last + 1 - group.First, wholes = count / TLanes.Count * TLanes.Count;
        for (int t = 0; t < frames; t++)
        {
            ref float own = ref Unsafe.Add(ref this[t], group.First), shares = ref to.Shares[to.Posterior.Frame(utterance, frame + t) + group.First];
            double total = 0;
            for (int i = 0; i < count; i++) total += Unsafe.Add(ref own, i);
            TLanes scale = TLanes.Of((float)(1 / total));
            for (int i = 0; i < wholes; i += TLanes.Count) (TLanes.Load(ref own, i) * scale).Store(ref shares, i);
            for (int i = wholes; i < count; i++) Unsafe.Add(ref shares, i) = Unsafe.Add(ref own, i) * (float)(1 / total);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Sum(int first, int last)
    {
        ref float sums = ref MemoryMarshal.GetArrayDataReference(byToken), turned = ref MemoryMarshal.GetArrayDataReference(square);
        ref int its = ref MemoryMarshal.GetArrayDataReference(numbers);
        int common = labels.Common;
        TLanes ofCommon = TLanes.Of(0);
        for (int s = first; s <= last; s += TLanes.Count)
        {
            TLanes.Transpose(ref masses[s], parts * length, ref turned);
            int count = Math.Min(TLanes.Count, last + 1 - s);
            for (int i = 0; i < count; i++)
            {
                int number = Unsafe.Add(ref its, s + i);
                TLanes ofState = TLanes.Load(ref turned, i * TLanes.Count);
                if (number == common) ofCommon += ofState;
                else (TLanes.Load(ref sums, number * TLanes.Count) + ofState).Store(ref sums, number * TLanes.Count);
            }
        }

        (TLanes.Load(ref sums, common * TLanes.Count) + ofCommon).Store(ref sums, common * TLanes.Count);
    }
}
