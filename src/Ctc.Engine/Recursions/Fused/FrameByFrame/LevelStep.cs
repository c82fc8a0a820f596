using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ctc.Engine.Recursions.Fused.Memory;
using Ctc.Engine.Recursions.Fused.Numbers;

namespace Ctc.Engine.Recursions.Fused.FrameByFrame;

/// <summary>The frames of <see cref="GatherStep{TLanes}"/> in which all numbers are plain doubles, times one power of two.</summary>
/// <remarks>
/// A frame is level if α of its states are 0 or within 2^<see cref="ExtendedRange.Level"/> of each other, and the arcs 0 or within as much of 1: then
/// no product leaves the range of a double. So sums are as exact as with exponents, and cost a multiplication and an addition for each arc. Where
/// most states can follow each other, as in a denominator, all frames are level but for scores hundreds of nats apart. Masses are summed from the
/// states to which arcs lead, so that no two additions wait for each other.
/// </remarks>
/// <typeparam name="TLanes">The vectors.</typeparam>
/// <param name="incoming">The arcs into states.</param>
/// <param name="outgoing">The same arcs, out of states.</param>
/// <param name="states">S.</param>
internal sealed class LevelStep<TLanes>(PackedRows incoming, PackedRows outgoing, int states)
    where TLanes : struct, IDoubleLanes<TLanes>
{
    private readonly double[] numbers = new double[((states + ExtendedRange.Lanes - 1) & -ExtendedRange.Lanes) + (2 * ExtendedRange.Lanes)];
    private double level;

    private ref double Alpha => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(numbers), ExtendedRange.Lanes);

    /// <summary>Loads α of a frame if it is level.</summary>
    /// <param name="alpha">Of all states; 0 around them.</param>
    /// <returns>Whether it is.</returns>
    [MethodImpl(InnerLoop.Compiled)]
    public bool Load(in StateRow<double> alpha)
    {
        TLanes nothing = TLanes.Of(double.NegativeInfinity), most = nothing, least = nothing; // least: its negative
        for (nint s = 0; s < states; s += TLanes.Count)
        {
            TLanes exponent = TLanes.Load(ref alpha.Exponent, s);
            most = TLanes.Max(most, exponent);
            least = TLanes.Max(least, TLanes.WhereEqual(exponent, nothing, nothing, TLanes.Of(0) - exponent));
        }

        // NaN may be lost here. It is in the numbers then, and in the sums of all that they reach, as without this.
        level = TLanes.Largest(most);
        if (double.IsNegativeInfinity(level) || !(level + TLanes.Largest(least) <= ExtendedRange.Level)) return false;
        TLanes shift = TLanes.Of(level);
        for (nint s = 0; s < states; s += TLanes.Count)
        {
            TLanes.Scale(TLanes.Load(ref alpha.Mantissa, s), TLanes.Load(ref alpha.Exponent, s) - shift).Store(ref Alpha, s);
        }

        return true;
    }

    /// <summary>Computes the sum Σ α_{t−1}(source)·arc of the frame loaded.</summary>
    [MethodImpl(InnerLoop.Compiled)]
    public void Sum(in StateRow<double> sum, int first, int last)
    {
        TLanes exponent = TLanes.Of(level);
        for (int s = first & -ExtendedRange.Lanes; s <= last; s += ExtendedRange.Lanes)
        {
            (TLanes lower, TLanes upper) = Sum(incoming, ref Alpha, s);
            lower.Store(ref sum.Mantissa, s);
            exponent.Store(ref sum.Exponent, s);
            if (TLanes.Count == ExtendedRange.Lanes) continue;
            upper.Store(ref sum.Mantissa, s + TLanes.Count);
            exponent.Store(ref sum.Exponent, s + TLanes.Count);
        }
    }

    /// <summary>Computes the masses of the frame loaded.</summary>
    /// <param name="shares">The shares of the next frame, 0 outside of its window.</param>
    /// <param name="mass">Receives the masses.</param>
    /// <param name="first">The first state of the frame loaded.</param>
    /// <param name="last">The last state of the frame loaded.</param>
    [MethodImpl(InnerLoop.Compiled)]
    public void Return(ref double shares, ref double mass, int first, int last)
    {
        for (int s = first & -ExtendedRange.Lanes; s <= last; s += ExtendedRange.Lanes)
        {
            (TLanes lower, TLanes upper) = Sum(outgoing, ref shares, s);
            (TLanes.Load(ref Alpha, s) * lower).Store(ref mass, s);
            if (TLanes.Count < ExtendedRange.Lanes) (TLanes.Load(ref Alpha, s + TLanes.Count) * upper).Store(ref mass, s + TLanes.Count);
        }
    }

    /// <summary>Adds the masses of the arcs into the next frame.</summary>
    /// <param name="shares">Its shares, 0 outside of its window.</param>
    /// <param name="taken">By row and lane of the arcs into states.</param>
    /// <param name="first">The first state of the next frame.</param>
    /// <param name="last">The last state of the next frame.</param>
    [MethodImpl(InnerLoop.Compiled)]
    public void Take(ref double shares, double[] taken, int first, int last)
    {
        ref double arc = ref MemoryMarshal.GetArrayDataReference(incoming.Numbers), to = ref MemoryMarshal.GetArrayDataReference(taken);
        for (int s = first & -TLanes.Count; s <= last; s += TLanes.Count)
        {
            (PackedRows.Block rows, int lane) = incoming.Of(s);
            TLanes share = TLanes.Load(ref shares, s);
            for (nint row = rows.From; row < rows.To; row++)
            {
                nint place = (row * ExtendedRange.Lanes) + lane;
                TLanes term = incoming.AtEnds<TLanes>(ref Alpha, rows, row, lane) * TLanes.Load(ref arc, place);
                TLanes.MultiplyAdd(term, share, TLanes.Load(ref to, place)).Store(ref to, place);
            }
        }
    }

    // Σ arc·number over the other ends of the arcs of eight states: one vector, or two.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (TLanes Lower, TLanes Upper) Sum(PackedRows packed, ref double row, int state)
    {
        PackedRows.Block rows = packed.Of(state).Rows;
        ref double arcs = ref MemoryMarshal.GetArrayDataReference(packed.Numbers);
        ref int ends = ref MemoryMarshal.GetArrayDataReference(packed.Ends);
        TLanes lower = TLanes.Of(0), upper = lower;
        nint place = (nint)rows.From * ExtendedRange.Lanes, shared = (nint)rows.Shared * ExtendedRange.Lanes;
        if (rows.SameEnd)
        {
            for (; place < shared; place += ExtendedRange.Lanes)
            {
                TLanes end = TLanes.Of(Unsafe.Add(ref row, Unsafe.Add(ref ends, place)));
                lower = TLanes.MultiplyAdd(end, TLanes.Load(ref arcs, place), lower);
                if (TLanes.Count < ExtendedRange.Lanes) upper = TLanes.MultiplyAdd(end, TLanes.Load(ref arcs, place + TLanes.Count), upper);
            }
        }

        for (; place < shared; place += ExtendedRange.Lanes)
        {
            nint end = Unsafe.Add(ref ends, place);
            lower = TLanes.MultiplyAdd(TLanes.Load(ref row, end), TLanes.Load(ref arcs, place), lower);
            if (TLanes.Count == ExtendedRange.Lanes) continue;
            upper = TLanes.MultiplyAdd(TLanes.Load(ref row, end + TLanes.Count), TLanes.Load(ref arcs, place + TLanes.Count), upper);
        }

        for (; place < (nint)rows.To * ExtendedRange.Lanes; place += ExtendedRange.Lanes)
        {
            lower = TLanes.MultiplyAdd(TLanes.Gather(ref row, ref Unsafe.Add(ref ends, place)), TLanes.Load(ref arcs, place), lower);
            if (TLanes.Count == ExtendedRange.Lanes) continue;
            nint next = place + TLanes.Count;
            upper = TLanes.MultiplyAdd(TLanes.Gather(ref row, ref Unsafe.Add(ref ends, next)), TLanes.Load(ref arcs, next), upper);
        }

        return (lower, upper);
    }
}
