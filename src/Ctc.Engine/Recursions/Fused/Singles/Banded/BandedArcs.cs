using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ctc.Engine.Recursions.Fused.Memory;
using Ctc.Engine.Recursions.Fused.Numbers;

namespace Ctc.Engine.Recursions.Fused.Singles.Banded;

/// <summary>The scores of arcs in float32. Exponents are whole numbers, in the bits.</summary>
/// <remarks>
/// An arc may be taken in every frame, and then its rounding error counts as often. That of exp(x) is half a unit of the result, as of any float32,
/// and 10⁻⁷·|x| at most: a ten-millionth of what the arc adds to ln Z.
/// </remarks>
/// <inheritdoc/>
internal sealed class BandedArcs(int length) : ArcRows<float>(length)
{
    /// <summary>Loads the scores of one utterance; of one frame, if they depend on time.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="utterance">The utterance.</param>
    /// <param name="frame">The frame entered; 0 if scores do not depend on time.</param>
    /// <param name="states">The number of states used; arcs into later states are dropped.</param>
    /// <returns>
    /// The largest absolute value of a finite score, if it is at most −<see cref="SingleRange.LeastLog"/>: else the numbers are not loaded. NaN if a
    /// score is NaN or +∞.
    /// </returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double Load<TLanes>(BandedBatch<float> batch, int utterance, int frame, int states)
        where TLanes : struct, ILanes<TLanes>
    {
        double most = 0;
        Scored = batch.UsedSlots == 1; // the second slot has no arcs
        for (int slot = 0; slot < BandedBatch<float>.Slots; slot++)
        {
            // Around the states arcs of the first two slots do not matter; if they score 0, the rows may be not needed.
            Array.Fill(Logs, slot < Math.Min(batch.UsedSlots, 2) ? 0 : float.NegativeInfinity);
            int offset = batch.Offsets[slot];
            if (slot < batch.UsedSlots && offset < states)
            {
                batch.ArcScores.Slice(batch.ArcsAt(frame, slot, utterance) + offset, states - offset).CopyTo(Logs.AsSpan(offset));
            }

            (float least, float smallest, float largest) = Load<TLanes>(Mantissas[slot], Exponents[slot]);
            if (float.IsNaN(largest)) return double.NaN;
            Scored |= largest > 0 || smallest < 0 || (slot < 2 && least < 0);
            most = Math.Max(most, Math.Max(largest, -smallest));
        }

        return most;
    }

    // Returns the least score, the smallest finite one and the largest, 0 included; NaN for the largest if one is NaN or +∞.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (float Least, float Smallest, float Largest) Load<TLanes>(float[] mantissas, float[] exponents)
        where TLanes : struct, ILanes<TLanes>
    {
        ref float x = ref MemoryMarshal.GetArrayDataReference(Logs);
        ref float m = ref MemoryMarshal.GetArrayDataReference(mantissas), e = ref MemoryMarshal.GetArrayDataReference(exponents);
        TLanes zero = TLanes.Of(0), least = zero, smallest = zero, largest = zero;
        TLanes good = TLanes.OfWhole(-1);
        for (nint s = 0; s < Logs.Length; s += TLanes.Count)
        {
            TLanes log = TLanes.Load(ref x, s), finite = TLanes.WhereBelow(log, float.MinValue, zero, log);
            good = TLanes.WhereScores(good, log);
            (least, smallest, largest) = (TLanes.Min(least, log), TLanes.Min(smallest, finite), TLanes.Max(largest, finite));
            (TLanes mantissa, TLanes exponent) = SingleRange.Exp(log);
            mantissa.Store(ref m, s);
            exponent.Store(ref e, s);
        }

        return (TLanes.Smallest(least), TLanes.Smallest(smallest), TLanes.AreMarked(good) ? TLanes.Largest(largest) : float.NaN);
    }
}
