using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Ctc.Engine.Recursions.Fused.Memory;
using Ctc.Engine.Recursions.Fused.Numbers;

namespace Ctc.Engine.Recursions.Fused.ByFours;

/// <summary>The constants of a <see cref="SteadyBlock"/>: α before it, the exponent of each state, and the factors of the arcs.</summary>
/// <remarks>
/// A state that is not reached yet takes the exponent of the last state that is, and the mantissa 0. Outside the window of the block exponents are
/// −∞, and factors 0.
/// </remarks>
internal readonly ref struct HeldExponents<TArcs>
    where TArcs : IChoice
{
    private const double Most = 128;

    private readonly ref double mantissa, exponent, arc0, arc1, arc2, high0, high1, high2;
    private readonly Vector512<double> first, last, reached, ahead;
    private readonly Vector512<long> right0, right1, right2;

    /// <param name="before">α before the block.</param>
    /// <param name="arcs">The scores of the arcs.</param>
    /// <param name="right">By slot: the places of the sources of eight arcs in two adjacent vectors.</param>
    /// <param name="first">The first state of the window.</param>
    /// <param name="last">The last state of the window.</param>
    /// <param name="reached">The last state whose α before the block is not 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public HeldExponents(in StateRow before, ArcRows arcs, Vector512<long>[] right, int first, int last, int reached)
    {
        mantissa = ref before.Mantissa;
        exponent = ref before.Exponent;
        (this.first, this.last, this.reached) = (Vector512.Create((double)first), Vector512.Create((double)last), Vector512.Create((double)reached));
        ahead = Vector512.Create(Unsafe.Add(ref exponent, reached));
        (right0, right1, right2) = (right[0], right[1], right[2]);
        arc0 = ref arcs.Mantissas[0][0];
        arc1 = ref arcs.Mantissas[1][0];
        arc2 = ref arcs.Mantissas[2][0];
        high0 = ref arcs.Exponents[0][0];
        high1 = ref arcs.Exponents[1][0];
        high2 = ref arcs.Exponents[2][0];
    }

    /// <summary>Returns the exponents of eight states.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<double> Exponents(nint s)
    {
        Vector512<double> state = States(s);
        Vector512<double> own = Vector512.ConditionalSelect(
            Vector512.LessThanOrEqual(state, reached), Vector512.LoadUnsafe(ref Unsafe.Add(ref exponent, s)), ahead);
        return Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(state, first), own, Vector512.Create(double.NegativeInfinity));
    }

    /// <summary>Returns α before the block, over two to the exponents.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<double> Before(nint s)
    {
        Vector512<double> state = States(s);
        Vector512<double> isReached = Vector512.GreaterThanOrEqual(state, first) & Vector512.LessThanOrEqual(state, reached);
        return isReached & Vector512.LoadUnsafe(ref Unsafe.Add(ref mantissa, s));
    }

    /// <summary>Returns the numbers of states in the window, and 0 for other states.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<double> Inside(nint s, Vector512<double> numbers) => Inside(s) & numbers;

    /// <summary>Computes w_k(s) = arc_k(s)·2^(e(s − offset_k) − e(s)).</summary>
    /// <param name="s">The first of eight states.</param>
    /// <param name="left">The exponents of the eight states before.</param>
    /// <param name="own">The exponents of the eight states.</param>
    /// <returns>The factors by slot; and, as bits, whether each is within 2^±128 or 0 because there is no arc or no source.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (Vector512<double> W0, Vector512<double> W1, Vector512<double> W2, Vector512<double> Good) Factors(
        nint s, Vector512<double> left, Vector512<double> own)
    {
        Vector512<double> x0 = Lanes.Pick(left, right0, own) - own, x1 = Lanes.Pick(left, right1, own) - own;
        Vector512<double> x2 = Lanes.Pick(left, right2, own) - own + Vector512.LoadUnsafe(ref Unsafe.Add(ref high2, s));
        if (TArcs.Chosen)
        {
            x0 += Vector512.LoadUnsafe(ref Unsafe.Add(ref high0, s));
            x1 += Vector512.LoadUnsafe(ref Unsafe.Add(ref high1, s));
        }

        Vector512<double> inside = Inside(s), good = (Moderate(x0) & Moderate(x1) & Moderate(x2)) | ~inside;
        return (inside & Scale(ref arc0, s, x0), inside & Scale(ref arc1, s, x1), inside & Scale(ref arc2, s, x2), good);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Scale(ref double arc, nint s, Vector512<double> x) =>
        ExtendedRange.Scale(TArcs.Chosen ? Vector512.LoadUnsafe(ref Unsafe.Add(ref arc, s)) : Vector512<double>.One, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Moderate(Vector512<double> x) =>
        Vector512.LessThanOrEqual(Vector512.Abs(x), Vector512.Create(Most)) | Vector512.Equals(x, Vector512.Create(double.NegativeInfinity));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> States(nint s) => Vector512.Create((double)s) + Vector512.Create(0.0, 1, 2, 3, 4, 5, 6, 7);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector512<double> Inside(nint s) => Vector512.GreaterThanOrEqual(States(s), first) & Vector512.LessThanOrEqual(States(s), last);
}
