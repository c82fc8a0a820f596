using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Ctc.Engine.Recursions.Fused.Memory;
using Ctc.Engine.Recursions.Fused.Numbers;

namespace Ctc.Engine.Recursions.Fused.FrameByFrame;

/// <summary>The frames of <see cref="GatherStep"/> in which all numbers are plain doubles, times one power of two.</summary>
/// <remarks>
/// A frame is level if α of its states are 0 or within 2^<see cref="ExtendedRange.Level"/> of each other, and the arcs 0 or within as much of 1: then
/// no product leaves the range of a double. So sums are as exact as with exponents, and cost a multiplication and an addition for each arc. Where
/// most states can follow each other, as in a denominator, all frames are level but for scores hundreds of nats apart. Masses are summed from the
/// states to which arcs lead, so that no two additions wait for each other.
/// </remarks>
/// <param name="incoming">The arcs into states.</param>
/// <param name="outgoing">The same arcs, out of states.</param>
/// <param name="states">S.</param>
internal sealed class LevelStep(PackedRows incoming, PackedRows outgoing, int states)
{
    private readonly double[] numbers = new double[((states + ExtendedRange.Lanes - 1) & -ExtendedRange.Lanes) + (2 * ExtendedRange.Lanes)];
    private double level;

    private ref double Alpha => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(numbers), ExtendedRange.Lanes);

    /// <summary>Loads α of a frame if it is level.</summary>
    /// <param name="alpha">Of all states; 0 around them.</param>
    /// <returns>Whether it is.</returns>
    [MethodImpl(InnerLoop.Compiled)]
    public bool Load(in StateRow alpha)
    {
        Vector512<double> nothing = Vector512.Create(double.NegativeInfinity), most = nothing, least = -nothing;
        for (nint s = 0; s < states; s += ExtendedRange.Lanes)
        {
            Vector512<double> exponent = Load(ref alpha.Exponent, s);
            most = Vector512.Max(most, exponent); // NaN if one is
            least = Vector512.Min(least, Vector512.ConditionalSelect(Vector512.Equals(exponent, nothing), -nothing, exponent));
        }

        level = ExtendedRange.Largest(most);
        if (double.IsNegativeInfinity(level) || !(level + ExtendedRange.Largest(-least) <= ExtendedRange.Level)) return false; // or NaN
        Vector512<double> shift = Vector512.Create(level);
        for (nint s = 0; s < states; s += ExtendedRange.Lanes)
        {
            Store(ExtendedRange.Scale(Load(ref alpha.Mantissa, s), Load(ref alpha.Exponent, s) - shift), ref Alpha, s);
        }

        return true;
    }

    /// <summary>Computes the sum Σ α_{t−1}(source)·arc of the frame loaded.</summary>
    [MethodImpl(InnerLoop.Compiled)]
    public void Sum(in StateRow sum, int first, int last)
    {
        Vector512<double> exponent = Vector512.Create(level);
        for (int s = first & -ExtendedRange.Lanes; s <= last; s += ExtendedRange.Lanes)
        {
            Store(Sum(incoming, ref Alpha, s), ref sum.Mantissa, s);
            Store(exponent, ref sum.Exponent, s);
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
            Store(Load(ref Alpha, s) * Sum(outgoing, ref shares, s), ref mass, s);
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
        ref int ends = ref MemoryMarshal.GetArrayDataReference(incoming.Ends);
        for (int s = first & -ExtendedRange.Lanes; s <= last; s += ExtendedRange.Lanes)
        {
            PackedRows.Block rows = incoming.Of(s);
            Vector512<double> share = Load(ref shares, s);
            for (nint place = (nint)rows.From * ExtendedRange.Lanes; place < (nint)rows.To * ExtendedRange.Lanes; place += ExtendedRange.Lanes)
            {
                ref int end = ref Unsafe.Add(ref ends, place);
                Vector512<double> source = place >= (nint)rows.Shared * ExtendedRange.Lanes ? GatherStep.Gather(ref Alpha, ref end)
                    : rows.SameEnd ? Vector512.Create(Unsafe.Add(ref Alpha, end)) : Load(ref Alpha, end);
                Store(Vector512.FusedMultiplyAdd(source * Load(ref arc, place), share, Load(ref to, place)), ref to, place);
            }
        }
    }

    // Σ arc·number over the other ends of the arcs of eight states.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Sum(PackedRows packed, ref double row, int state)
    {
        PackedRows.Block rows = packed.Of(state);
        ref double arcs = ref MemoryMarshal.GetArrayDataReference(packed.Numbers);
        ref int ends = ref MemoryMarshal.GetArrayDataReference(packed.Ends);
        Vector512<double> sum = Vector512<double>.Zero;
        nint place = (nint)rows.From * ExtendedRange.Lanes, shared = (nint)rows.Shared * ExtendedRange.Lanes;
        if (rows.SameEnd)
        {
            for (; place < shared; place += ExtendedRange.Lanes)
            {
                Vector512<double> end = Vector512.Create(Unsafe.Add(ref row, Unsafe.Add(ref ends, place)));
                sum = Vector512.FusedMultiplyAdd(end, Load(ref arcs, place), sum);
            }
        }

        for (; place < shared; place += ExtendedRange.Lanes)
        {
            sum = Vector512.FusedMultiplyAdd(Load(ref row, Unsafe.Add(ref ends, place)), Load(ref arcs, place), sum);
        }

        for (; place < (nint)rows.To * ExtendedRange.Lanes; place += ExtendedRange.Lanes)
        {
            sum = Vector512.FusedMultiplyAdd(GatherStep.Gather(ref row, ref Unsafe.Add(ref ends, place)), Load(ref arcs, place), sum);
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Load(ref double row, nint s) => Vector512.LoadUnsafe(ref Unsafe.Add(ref row, s));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<double> values, ref double row, nint s) => values.StoreUnsafe(ref Unsafe.Add(ref row, s));
}
