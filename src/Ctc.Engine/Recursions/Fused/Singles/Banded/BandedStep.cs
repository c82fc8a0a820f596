using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ctc.Engine.Recursions.Fused.Memory;
using Ctc.Engine.Recursions.Fused.Numbers;

namespace Ctc.Engine.Recursions.Fused.Singles.Banded;

/// <summary>One frame of the forward and of the backward recursion in float32, over a window of states.</summary>
/// <remarks>
/// Whole vectors are computed from the first state of the window on; what is behind the last one is undefined until <see cref="Close"/>.
/// </remarks>
/// <typeparam name="TLanes">The vectors.</typeparam>
internal static class BandedStep<TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    /// <summary>Computes α_0 = start·emission.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Begin(in StateRow<float> start, in StateRow<float> emission, bool wide, in StateRow<float> alpha, int first, int last)
    {
        for (nint s = first; s <= last; s += TLanes.Count)
        {
            Emit(TLanes.Load(ref start.Mantissa, s), TLanes.Load(ref start.Exponent, s), emission, wide, alpha, s);
        }
    }

    /// <summary>Computes α_t(s) = emission(s) · Σ_k α_{t−1}(s − offset_k)·arc_k(s).</summary>
    public static void Enter(
        in StateRow<float> before, in StateRow<float> emission, bool wide, in StateRow<float> alpha, ArcRows<float> arcs, int[] offsets,
        int first, int last)
    {
        if (arcs.Scored && wide) Enter<Yes, Yes>(before, emission, alpha, arcs, offsets, first, last);
        else if (arcs.Scored) Enter<Yes, No>(before, emission, alpha, arcs, offsets, first, last);
        else if (wide) Enter<No, Yes>(before, emission, alpha, arcs, offsets, first, last);
        else Enter<No, No>(before, emission, alpha, arcs, offsets, first, last);
    }

    /// <summary>
    /// Computes β_t(s) = Σ_k arc_k(s + offset_k)·next(s + offset_k), the mass α_t·β_t of each state, and next = emission·β_t for the frame before.
    /// </summary>
    public static void Leave(
        in StateRow<float> next,
        in StateRow<float> alpha,
        in StateRow<float> emission,
        bool wide,
        in StateRow<float> own,
        ref float mass,
        ArcRows<float> arcs,
        int[] offsets,
        int first,
        int last)
    {
        if (arcs.Scored && wide) Leave<Yes, Yes>(next, alpha, emission, own, ref mass, arcs, offsets, first, last);
        else if (arcs.Scored) Leave<Yes, No>(next, alpha, emission, own, ref mass, arcs, offsets, first, last);
        else if (wide) Leave<No, Yes>(next, alpha, emission, own, ref mass, arcs, offsets, first, last);
        else Leave<No, No>(next, alpha, emission, own, ref mass, arcs, offsets, first, last);
    }

    /// <summary>Computes the mass α·β of states, and next = emission·β, from a β that is given: in the last frame.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void End(
        in StateRow<float> beta, in StateRow<float> alpha, in StateRow<float> emission, bool wide, in StateRow<float> own, ref float mass,
        int first, int last)
    {
        for (nint s = first; s <= last; s += TLanes.Count)
        {
            (TLanes mantissa, TLanes exponent) = (TLanes.Load(ref beta.Mantissa, s), TLanes.Load(ref beta.Exponent, s));
            Mass(mantissa, exponent, alpha, s).Store(ref mass, s);
            Emit(mantissa, exponent, emission, wide, own, s);
        }
    }

    /// <summary>Sets the states beside a window to zero, as far as other frames read.</summary>
    /// <param name="row">The row.</param>
    /// <param name="first">The first state of the window.</param>
    /// <param name="last">The last state of the window.</param>
    /// <param name="reach">The length of the longest arc.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Close(in StateRow<float> row, int first, int last, int reach)
    {
        for (nint s = 1; s <= reach; s += TLanes.Count) Clear(row, first - s + 1 - TLanes.Count);
        for (nint s = 0; s < reach + TLanes.Count; s += TLanes.Count) Clear(row, last + 1 + s);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Enter<TArcs, TWide>(
        in StateRow<float> before, in StateRow<float> emission, in StateRow<float> alpha, ArcRows<float> arcs, int[] offsets, int first, int last)
        where TArcs : IChoice
        where TWide : IChoice
    {
        Slot slot0 = Slot.Into(before, arcs, offsets, 0), slot1 = Slot.Into(before, arcs, offsets, 1), slot2 = Slot.Into(before, arcs, offsets, 2);
        for (nint s = first; s <= last; s += TLanes.Count)
        {
            (TLanes sum, TLanes exponent) = Sum<TArcs>(slot0, slot1, slot2, s);
            Emit(sum, exponent, emission, TWide.Chosen, alpha, s);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Leave<TArcs, TWide>(
        in StateRow<float> next,
        in StateRow<float> alpha,
        in StateRow<float> emission,
        in StateRow<float> own,
        ref float mass,
        ArcRows<float> arcs,
        int[] offsets,
        int first,
        int last)
        where TArcs : IChoice
        where TWide : IChoice
    {
        Slot slot0 = Slot.From(next, arcs, offsets, 0), slot1 = Slot.From(next, arcs, offsets, 1), slot2 = Slot.From(next, arcs, offsets, 2);
        for (nint s = first; s <= last; s += TLanes.Count)
        {
            (TLanes sum, TLanes exponent) = Sum<TArcs>(slot0, slot1, slot2, s);
            Mass(sum, exponent, alpha, s).Store(ref mass, s);
            Emit(sum, exponent, emission, TWide.Chosen, own, s);
        }
    }

    // Only the exponents of the third slot's arcs are read if no arc is scored.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (TLanes Sum, TLanes Exponent) Sum<TArcs>(in Slot slot0, in Slot slot1, in Slot slot2, nint s)
        where TArcs : IChoice
    {
        TLanes x0 = TLanes.Load(ref slot0.Exponent, s), x1 = TLanes.Load(ref slot1.Exponent, s);
        TLanes x2 = TLanes.AddWhole(TLanes.Load(ref slot2.Exponent, s), TLanes.Load(ref slot2.ArcExponent, s));
        TLanes t0 = TLanes.Load(ref slot0.Mantissa, s), t1 = TLanes.Load(ref slot1.Mantissa, s), t2 = TLanes.Load(ref slot2.Mantissa, s);
        if (!TArcs.Chosen) return SingleRange.Sum(t0, x0, t1, x1, t2, x2);
        (x0, x1) = (TLanes.AddWhole(x0, TLanes.Load(ref slot0.ArcExponent, s)), TLanes.AddWhole(x1, TLanes.Load(ref slot1.ArcExponent, s)));
        (t0, t1) = (t0 * TLanes.Load(ref slot0.ArcMantissa, s), t1 * TLanes.Load(ref slot1.ArcMantissa, s));
        return SingleRange.Sum(t0, x0, t1, x1, t2 * TLanes.Load(ref slot2.ArcMantissa, s), x2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Mass(TLanes beta, TLanes exponent, in StateRow<float> alpha, nint s) =>
        beta * TLanes.Load(ref alpha.Mantissa, s) * TLanes.PowerOfTwo(TLanes.AddWhole(exponent, TLanes.Load(ref alpha.Exponent, s)));

    // Stores the product with the emission, with a new exponent.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Emit(TLanes mantissa, TLanes exponent, in StateRow<float> emission, bool wide, in StateRow<float> to, nint s)
    {
        if (wide) exponent = TLanes.AddWhole(exponent, TLanes.Load(ref emission.Exponent, s));
        (mantissa, exponent) = SingleRange.Renew(mantissa * TLanes.Load(ref emission.Mantissa, s), exponent);
        mantissa.Store(ref to.Mantissa, s);
        exponent.Store(ref to.Exponent, s);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Clear(in StateRow<float> row, nint s)
    {
        TLanes.Of(1).Store(ref row.Mantissa, s);
        TLanes.OfWhole(SingleRange.None).Store(ref row.Exponent, s);
    }

    /// <summary>The states at the other end of the arcs of one slot, and the scores of these arcs.</summary>
    private readonly ref struct Slot
    {
        public readonly ref float Mantissa, Exponent, ArcMantissa, ArcExponent;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private Slot(in StateRow<float> row, nint source, float[] arcMantissas, float[] arcExponents, nint arc)
        {
            Mantissa = ref Unsafe.Add(ref row.Mantissa, source);
            Exponent = ref Unsafe.Add(ref row.Exponent, source);
            ArcMantissa = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(arcMantissas), arc);
            ArcExponent = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(arcExponents), arc);
        }

        /// <summary>Takes the arcs into a state, from states of the frame before.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Slot Into(in StateRow<float> before, ArcRows<float> arcs, int[] offsets, int slot) =>
            new(before, -offsets[slot], arcs.Mantissas[slot], arcs.Exponents[slot], 0);

        /// <summary>Takes the arcs out of a state, to states of the next frame; arcs are stored with the state that they lead to.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Slot From(in StateRow<float> next, ArcRows<float> arcs, int[] offsets, int slot) =>
            new(next, offsets[slot], arcs.Mantissas[slot], arcs.Exponents[slot], offsets[slot]);
    }
}
