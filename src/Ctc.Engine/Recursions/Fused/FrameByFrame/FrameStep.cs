using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ctc.Engine.Recursions.Fused.Memory;
using Ctc.Engine.Recursions.Fused.Numbers;

namespace Ctc.Engine.Recursions.Fused.FrameByFrame;

/// <summary>One frame of the forward and of the backward pass, over the states of a window, a vector at a time.</summary>
/// <remarks>
/// Rows are read up to seven states beyond the window, and up to the longest arc beyond either side; values written beyond the window are undefined.
/// The backward pass is that of the differentiable recursion: the mass of a state is split among its predecessors by their contributions.
/// </remarks>
/// <typeparam name="TLanes">The vectors.</typeparam>
internal static class FrameStep<TLanes>
    where TLanes : struct, IDoubleLanes<TLanes>
{
    /// <summary>Computes α_0 = start·emission.</summary>
    public static void Begin(in StateRow<double> start, FrameEmissions<TLanes> emissions, in StateRow<double> alpha, int first, int last)
    {
        StateRow<double> emission = emissions.Row;
        for (nint s = first; s <= last; s += TLanes.Count)
        {
            (TLanes mantissa, TLanes more) = TLanes.Split(TLanes.Load(ref start.Mantissa, s) * TLanes.Load(ref emission.Mantissa, s));
            TLanes exponent = TLanes.Load(ref start.Exponent, s) + more;
            mantissa.Store(ref alpha.Mantissa, s);
            (emissions.Wide ? exponent + TLanes.Load(ref emission.Exponent, s) : exponent).Store(ref alpha.Exponent, s);
        }
    }

    /// <summary>Computes the sum Σ_k α_{t−1}(s − offset_k)·arc_k, and α_t = sum·emission.</summary>
    public static void Enter(
        in StateRow<double> before, FrameEmissions<TLanes> emissions, in StateRow<double> sum, in StateRow<double> alpha, ArcRows<double> arcs,
        int[] offsets, int first, int last)
    {
        if (arcs.Scored && emissions.Wide) Enter<Yes, Yes>(before, emissions.Row, sum, alpha, arcs, offsets, first, last);
        else if (arcs.Scored) Enter<Yes, No>(before, emissions.Row, sum, alpha, arcs, offsets, first, last);
        else if (emissions.Wide) Enter<No, Yes>(before, emissions.Row, sum, alpha, arcs, offsets, first, last);
        else Enter<No, No>(before, emissions.Row, sum, alpha, arcs, offsets, first, last);
    }

    [MethodImpl(InnerLoop.Compiled)]
    private static void Enter<TArcs, TWide>(
        in StateRow<double> before, in StateRow<double> emission, in StateRow<double> sum, in StateRow<double> alpha, ArcRows<double> arcs,
        int[] offsets, int first, int last)
        where TArcs : IChoice
        where TWide : IChoice
    {
        var incoming = new Incoming<TArcs>(before, arcs, offsets);
        for (nint s = first; s <= last; s += TLanes.Count)
        {
            (TLanes exponent, TLanes t0, TLanes t1, TLanes t2) = incoming.Terms(s);
            Emit<TWide>(t0 + t1 + t2, exponent, emission, sum, alpha, s);
        }
    }

    /// <summary>Stores the sum of eight states, and its product with their emissions.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Emit<TWide>(
        TLanes total, TLanes exponent, in StateRow<double> emission, in StateRow<double> sum, in StateRow<double> alpha, nint s)
        where TWide : IChoice
    {
        total.Store(ref sum.Mantissa, s);
        exponent.Store(ref sum.Exponent, s);
        (TLanes mantissa, TLanes more) = TLanes.Split(total * TLanes.Load(ref emission.Mantissa, s));
        exponent += more;
        mantissa.Store(ref alpha.Mantissa, s);
        (TWide.Chosen ? exponent + TLanes.Load(ref emission.Exponent, s) : exponent).Store(ref alpha.Exponent, s);
    }

    /// <summary>Computes the sum of <see cref="Enter"/> only.</summary>
    public static void Sum(in StateRow<double> before, in StateRow<double> sum, ArcRows<double> arcs, int[] offsets, int first, int last)
    {
        if (arcs.Scored) Sum<Yes>(before, sum, arcs, offsets, first, last);
        else Sum<No>(before, sum, arcs, offsets, first, last);
    }

    [MethodImpl(InnerLoop.Compiled)]
    private static void Sum<TArcs>(in StateRow<double> before, in StateRow<double> sum, ArcRows<double> arcs, int[] offsets, int first, int last)
        where TArcs : IChoice
    {
        var incoming = new Incoming<TArcs>(before, arcs, offsets);
        for (nint s = first; s <= last; s += TLanes.Count)
        {
            (TLanes exponent, TLanes t0, TLanes t1, TLanes t2) = incoming.Terms(s);
            (t0 + t1 + t2).Store(ref sum.Mantissa, s);
            exponent.Store(ref sum.Exponent, s);
        }
    }

    /// <summary>Computes the share: the mass of each state divided by its sum, with the exponent of the sum.</summary>
    [MethodImpl(InnerLoop.Compiled)]
    public static void Share(ref double mass, ref double sum, ref double share, int first, int last)
    {
        for (nint s = first; s <= last; s += TLanes.Count)
        {
            (TLanes.Load(ref mass, s) / Divisor(TLanes.Load(ref sum, s))).Store(ref share, s);
        }
    }

    /// <summary>Returns sums by which masses can be divided.</summary>
    /// <remarks>A sum is 0, and then the mass is 0 too, or it is far above the least double: a product of mantissas, or of level numbers.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Divisor(TLanes sum) => TLanes.Max(sum, TLanes.Of(1e-300));

    /// <summary>Adds to each arc its mass: its term of the sum, times the share.</summary>
    public static void Take(in StateRow<double> before, ref double share, ArcRows<double> arcs, int[] offsets, int first, int last, double[][] taken)
    {
        if (arcs.Scored) Take<Yes>(before, ref share, arcs, offsets, first, last, taken);
        else Take<No>(before, ref share, arcs, offsets, first, last, taken);
    }

    [MethodImpl(InnerLoop.Compiled)]
    private static void Take<TArcs>(
        in StateRow<double> before, ref double share, ArcRows<double> arcs, int[] offsets, int first, int last, double[][] taken)
        where TArcs : IChoice
    {
        var incoming = new Incoming<TArcs>(before, arcs, offsets);
        for (nint s = first; s <= last; s += TLanes.Count)
        {
            (_, TLanes t0, TLanes t1, TLanes t2) = incoming.Terms(s);
            TLanes part = TLanes.Load(ref share, s);
            Add(t0 * part, ref Start(taken[0]), s);
            Add(t1 * part, ref Start(taken[1]), s);
            Add(t2 * part, ref Start(taken[2]), s);
        }
    }

    /// <summary>Computes the mass of the frame before: α_{t−1}(s)·Σ_k share_t(s + offset_k)·arc_k(s + offset_k).</summary>
    public static void Return(
        in StateRow<double> before, in StateRow<double> shares, ref double mass, ArcRows<double> arcs, int[] offsets, int first, int last)
    {
        if (arcs.Scored) Return<Yes>(before, shares, ref mass, arcs, offsets, first, last);
        else Return<No>(before, shares, ref mass, arcs, offsets, first, last);
    }

    [MethodImpl(InnerLoop.Compiled)]
    private static void Return<TArcs>(
        in StateRow<double> before, in StateRow<double> shares, ref double mass, ArcRows<double> arcs, int[] offsets, int first, int last)
        where TArcs : IChoice
    {
        var outgoing = new Outgoing<TArcs>(before, ref shares.Exponent, arcs, offsets);
        ref double share = ref shares.Mantissa;
        nint o0 = offsets[0], o1 = offsets[1], o2 = offsets[2];
        for (nint s = first; s <= last; s += TLanes.Count)
        {
            (TLanes f0, TLanes f1, TLanes f2) = outgoing.Factors(s);
            TLanes s0 = TLanes.Load(ref share, s + o0), s1 = TLanes.Load(ref share, s + o1), s2 = TLanes.Load(ref share, s + o2);
            (TLanes.Load(ref before.Mantissa, s) * ((f0 * s0) + (f1 * s1) + (f2 * s2))).Store(ref mass, s);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(TLanes values, ref double row, nint s) => (TLanes.Load(ref row, s) + values).Store(ref row, s);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref double Start(double[] row) => ref MemoryMarshal.GetArrayDataReference(row);

    /// <summary>The sources and the scores of the three arcs into a state.</summary>
    internal readonly ref struct Incoming<TArcs>
        where TArcs : IChoice
    {
        private readonly ref double from0, from1, from2, above0, above1, above2, arc0, arc1, arc2, high0, high1, high2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Incoming(in StateRow<double> before, ArcRows<double> arcs, int[] offsets)
        {
            from0 = ref Unsafe.Subtract(ref before.Mantissa, offsets[0]);
            from1 = ref Unsafe.Subtract(ref before.Mantissa, offsets[1]);
            from2 = ref Unsafe.Subtract(ref before.Mantissa, offsets[2]);
            above0 = ref Unsafe.Subtract(ref before.Exponent, offsets[0]);
            above1 = ref Unsafe.Subtract(ref before.Exponent, offsets[1]);
            above2 = ref Unsafe.Subtract(ref before.Exponent, offsets[2]);
            arc0 = ref Start(arcs.Mantissas[0]);
            arc1 = ref Start(arcs.Mantissas[1]);
            arc2 = ref Start(arcs.Mantissas[2]);
            high0 = ref Start(arcs.Exponents[0]);
            high1 = ref Start(arcs.Exponents[1]);
            high2 = ref Start(arcs.Exponents[2]);
        }

        /// <summary>Computes the term of each arc, over two to the largest exponent.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public (TLanes Exponent, TLanes T0, TLanes T1, TLanes T2) Terms(nint s)
        {
            TLanes x0 = TLanes.Load(ref above0, s), x1 = TLanes.Load(ref above1, s), x2 = TLanes.Load(ref above2, s) + TLanes.Load(ref high2, s);
            if (TArcs.Chosen)
            {
                x0 += TLanes.Load(ref high0, s);
                x1 += TLanes.Load(ref high1, s);
            }

            TLanes largest = TLanes.Max(TLanes.Max(x0, x1), TLanes.Max(x2, TLanes.Of(ExtendedRange.Floor)));
            TLanes t0 = TLanes.Scale(TLanes.Load(ref from0, s), x0 - largest);
            TLanes t1 = TLanes.Scale(TLanes.Load(ref from1, s), x1 - largest);
            TLanes t2 = TLanes.Scale(TLanes.Load(ref from2, s), x2 - largest);
            return TArcs.Chosen
                ? (largest, t0 * TLanes.Load(ref arc0, s), t1 * TLanes.Load(ref arc1, s), t2 * TLanes.Load(ref arc2, s))
                : (largest, t0, t1, t2);
        }
    }
    /// <summary>The targets and the scores of the three arcs out of a state.</summary>
    internal readonly ref struct Outgoing<TArcs>
        where TArcs : IChoice
    {
        private readonly ref double own, sum0, sum1, sum2, arc0, arc1, arc2, high0, high1, high2;

        /// <param name="before">The states.</param>
        /// <param name="sums">The exponents of the sums of their targets.</param>
        /// <param name="arcs">The arcs, stored with the state that they lead to.</param>
        /// <param name="offsets">Their lengths.</param>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Outgoing(in StateRow<double> before, ref double sums, ArcRows<double> arcs, int[] offsets)
        {
            own = ref before.Exponent;
            sum0 = ref Unsafe.Add(ref sums, offsets[0]);
            sum1 = ref Unsafe.Add(ref sums, offsets[1]);
            sum2 = ref Unsafe.Add(ref sums, offsets[2]);
            arc0 = ref Unsafe.Add(ref Start(arcs.Mantissas[0]), offsets[0]);
            arc1 = ref Unsafe.Add(ref Start(arcs.Mantissas[1]), offsets[1]);
            arc2 = ref Unsafe.Add(ref Start(arcs.Mantissas[2]), offsets[2]);
            high0 = ref Unsafe.Add(ref Start(arcs.Exponents[0]), offsets[0]);
            high1 = ref Unsafe.Add(ref Start(arcs.Exponents[1]), offsets[1]);
            high2 = ref Unsafe.Add(ref Start(arcs.Exponents[2]), offsets[2]);
        }

        /// <summary>Computes the factor of each target's share: the score of the arc, over two to the exponent of the sum.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public (TLanes F0, TLanes F1, TLanes F2) Factors(nint s)
        {
            TLanes exponent = TLanes.Load(ref own, s), one = TLanes.Of(1);
            TLanes x0 = exponent, x1 = exponent, x2 = exponent + TLanes.Load(ref high2, s);
            if (TArcs.Chosen)
            {
                x0 += TLanes.Load(ref high0, s);
                x1 += TLanes.Load(ref high1, s);
            }

            return (
                TLanes.Scale(TArcs.Chosen ? TLanes.Load(ref arc0, s) : one, x0 - TLanes.Load(ref sum0, s)),
                TLanes.Scale(TArcs.Chosen ? TLanes.Load(ref arc1, s) : one, x1 - TLanes.Load(ref sum1, s)),
                TLanes.Scale(TArcs.Chosen ? TLanes.Load(ref arc2, s) : one, x2 - TLanes.Load(ref sum2, s)));
        }
    }
}
