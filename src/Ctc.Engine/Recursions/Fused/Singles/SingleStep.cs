using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ctc.Engine.Recursions.Fused.Numbers;

namespace Ctc.Engine.Recursions.Fused.Singles;

/// <summary>One frame of the forward and of the backward recursion in float32, over a window of states.</summary>
/// <remarks>
/// Whole vectors are computed from the first state of the window on; what is behind the last one is undefined until <see cref="Close"/>.
/// </remarks>
/// <typeparam name="TLanes">The vectors.</typeparam>
internal static class SingleStep<TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    /// <summary>Computes α_0 = start·emission.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Begin(in SingleRow start, in SingleRow emission, bool wide, in SingleRow alpha, int first, int last)
    {
        for (nint s = first; s <= last; s += TLanes.Count)
        {
            TLanes product = TLanes.Load(ref start.Mantissa, s) * TLanes.Load(ref emission.Mantissa, s);
            TLanes exponent = TLanes.Load(ref start.Exponent, s);
            if (wide) exponent = TLanes.AddWhole(exponent, TLanes.Load(ref emission.Exponent, s));
            Store(product, exponent, alpha, s);
        }
    }

    /// <summary>Computes α_t(s) = emission(s) · Σ_k α_{t−1}(s − offset_k)·arc_k(s).</summary>
    public static void Enter(
        in SingleRow before, in SingleRow emission, bool wide, in SingleRow alpha, SingleArcs arcs, int[] offsets, int first, int last)
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
        in SingleRow next,
        in SingleRow alpha,
        in SingleRow emission,
        bool wide,
        in SingleRow own,
        ref float mass,
        SingleArcs arcs,
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
        in SingleRow beta, in SingleRow alpha, in SingleRow emission, bool wide, in SingleRow own, ref float mass, int first, int last)
    {
        for (nint s = first; s <= last; s += TLanes.Count)
        {
            (TLanes mantissa, TLanes exponent) = (TLanes.Load(ref beta.Mantissa, s), TLanes.Load(ref beta.Exponent, s));
            Mass(mantissa, exponent, alpha, s).Store(ref mass, s);
            if (wide) exponent = TLanes.AddWhole(exponent, TLanes.Load(ref emission.Exponent, s));
            Store(mantissa * TLanes.Load(ref emission.Mantissa, s), exponent, own, s);
        }
    }

    /// <summary>Sets the states beside a window to zero, as far as other frames read.</summary>
    /// <param name="row">The row.</param>
    /// <param name="first">The first state of the window.</param>
    /// <param name="last">The last state of the window.</param>
    /// <param name="reach">The length of the longest arc.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Close(in SingleRow row, int first, int last, int reach)
    {
        for (nint s = 1; s <= reach; s += TLanes.Count) Clear(row, first - s + 1 - TLanes.Count);
        for (nint s = 0; s < reach + TLanes.Count; s += TLanes.Count) Clear(row, last + 1 + s);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Enter<TArcs, TWide>(
        in SingleRow before, in SingleRow emission, in SingleRow alpha, SingleArcs arcs, int[] offsets, int first, int last)
        where TArcs : IChoice
        where TWide : IChoice
    {
        nint o0 = offsets[0], o1 = offsets[1], o2 = offsets[2];
        ref float m0 = ref Unsafe.Subtract(ref before.Mantissa, o0), e0 = ref Unsafe.Subtract(ref before.Exponent, o0);
        ref float m1 = ref Unsafe.Subtract(ref before.Mantissa, o1), e1 = ref Unsafe.Subtract(ref before.Exponent, o1);
        ref float m2 = ref Unsafe.Subtract(ref before.Mantissa, o2), e2 = ref Unsafe.Subtract(ref before.Exponent, o2);
        ref float arc0 = ref Start(arcs.Mantissas[0]), arc1 = ref Start(arcs.Mantissas[1]), arc2 = ref Start(arcs.Mantissas[2]);
        ref float high0 = ref Start(arcs.Exponents[0]), high1 = ref Start(arcs.Exponents[1]), high2 = ref Start(arcs.Exponents[2]);
        for (nint s = first; s <= last; s += TLanes.Count)
        {
            TLanes x0 = TLanes.Load(ref e0, s), x1 = TLanes.Load(ref e1, s);
            TLanes x2 = TLanes.AddWhole(TLanes.Load(ref e2, s), TLanes.Load(ref high2, s));
            TLanes t0 = TLanes.Load(ref m0, s), t1 = TLanes.Load(ref m1, s), t2 = TLanes.Load(ref m2, s);
            if (TArcs.Chosen)
            {
                (x0, x1) = (TLanes.AddWhole(x0, TLanes.Load(ref high0, s)), TLanes.AddWhole(x1, TLanes.Load(ref high1, s)));
                (t0, t1, t2) = (t0 * TLanes.Load(ref arc0, s), t1 * TLanes.Load(ref arc1, s), t2 * TLanes.Load(ref arc2, s));
            }

            (TLanes sum, TLanes exponent) = Sum(t0, x0, t1, x1, t2, x2);
            if (TWide.Chosen) exponent = TLanes.AddWhole(exponent, TLanes.Load(ref emission.Exponent, s));
            (TLanes mantissa, TLanes more) = TLanes.Split(sum * TLanes.Load(ref emission.Mantissa, s));
            exponent = TLanes.AddWhole(exponent, more);
            if (TArcs.Chosen || TWide.Chosen) exponent = TLanes.MaxWhole(exponent, TLanes.OfWhole(SingleRange.None));
            mantissa.Store(ref alpha.Mantissa, s);
            exponent.Store(ref alpha.Exponent, s);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Leave<TArcs, TWide>(
        in SingleRow next,
        in SingleRow alpha,
        in SingleRow emission,
        in SingleRow own,
        ref float mass,
        SingleArcs arcs,
        int[] offsets,
        int first,
        int last)
        where TArcs : IChoice
        where TWide : IChoice
    {
        nint o0 = offsets[0], o1 = offsets[1], o2 = offsets[2];
        ref float m0 = ref Unsafe.Add(ref next.Mantissa, o0), e0 = ref Unsafe.Add(ref next.Exponent, o0);
        ref float m1 = ref Unsafe.Add(ref next.Mantissa, o1), e1 = ref Unsafe.Add(ref next.Exponent, o1);
        ref float m2 = ref Unsafe.Add(ref next.Mantissa, o2), e2 = ref Unsafe.Add(ref next.Exponent, o2);
        ref float arc0 = ref Unsafe.Add(ref Start(arcs.Mantissas[0]), o0), high0 = ref Unsafe.Add(ref Start(arcs.Exponents[0]), o0);
        ref float arc1 = ref Unsafe.Add(ref Start(arcs.Mantissas[1]), o1), high1 = ref Unsafe.Add(ref Start(arcs.Exponents[1]), o1);
        ref float arc2 = ref Unsafe.Add(ref Start(arcs.Mantissas[2]), o2), high2 = ref Unsafe.Add(ref Start(arcs.Exponents[2]), o2);
        for (nint s = first; s <= last; s += TLanes.Count)
        {
            TLanes x0 = TLanes.Load(ref e0, s), x1 = TLanes.Load(ref e1, s);
            TLanes x2 = TLanes.AddWhole(TLanes.Load(ref e2, s), TLanes.Load(ref high2, s));
            TLanes t0 = TLanes.Load(ref m0, s), t1 = TLanes.Load(ref m1, s), t2 = TLanes.Load(ref m2, s);
            if (TArcs.Chosen)
            {
                (x0, x1) = (TLanes.AddWhole(x0, TLanes.Load(ref high0, s)), TLanes.AddWhole(x1, TLanes.Load(ref high1, s)));
                (t0, t1, t2) = (t0 * TLanes.Load(ref arc0, s), t1 * TLanes.Load(ref arc1, s), t2 * TLanes.Load(ref arc2, s));
            }

            (TLanes sum, TLanes exponent) = Sum(t0, x0, t1, x1, t2, x2);
            Mass(sum, exponent, alpha, s).Store(ref mass, s);
            if (TWide.Chosen) exponent = TLanes.AddWhole(exponent, TLanes.Load(ref emission.Exponent, s));
            (TLanes mantissa, TLanes more) = TLanes.Split(sum * TLanes.Load(ref emission.Mantissa, s));
            exponent = TLanes.AddWhole(exponent, more);
            if (TArcs.Chosen || TWide.Chosen) exponent = TLanes.MaxWhole(exponent, TLanes.OfWhole(SingleRange.None));
            mantissa.Store(ref own.Mantissa, s);
            exponent.Store(ref own.Exponent, s);
        }
    }

    // In the range of 2 to the largest exponent.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (TLanes Sum, TLanes Exponent) Sum(TLanes t0, TLanes x0, TLanes t1, TLanes x1, TLanes t2, TLanes x2)
    {
        TLanes largest = TLanes.MaxWhole(TLanes.MaxWhole(x0, x1), x2);
        TLanes sum = t0 * TLanes.PowerOfTwo(TLanes.SubtractWhole(x0, largest));
        sum = TLanes.MultiplyAdd(t1, TLanes.PowerOfTwo(TLanes.SubtractWhole(x1, largest)), sum);
        return (TLanes.MultiplyAdd(t2, TLanes.PowerOfTwo(TLanes.SubtractWhole(x2, largest)), sum), largest);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Mass(TLanes beta, TLanes exponent, in SingleRow alpha, nint s) =>
        beta * TLanes.Load(ref alpha.Mantissa, s) * TLanes.PowerOfTwo(TLanes.AddWhole(exponent, TLanes.Load(ref alpha.Exponent, s)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(TLanes product, TLanes exponent, in SingleRow to, nint s)
    {
        (TLanes mantissa, TLanes more) = TLanes.Split(product);
        mantissa.Store(ref to.Mantissa, s);
        TLanes.MaxWhole(TLanes.AddWhole(exponent, more), TLanes.OfWhole(SingleRange.None)).Store(ref to.Exponent, s);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Clear(in SingleRow row, nint s)
    {
        TLanes.Of(1).Store(ref row.Mantissa, s);
        TLanes.OfWhole(SingleRange.None).Store(ref row.Exponent, s);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref float Start(float[] row) => ref MemoryMarshal.GetArrayDataReference(row);
}
