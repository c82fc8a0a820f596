using System.Runtime.CompilerServices;

namespace Ctc.Engine.Recursions.Fused.Numbers;

/// <summary>Probabilities as float32 mantissas in [1, 2) and exponents of two, whole numbers of 32 bits.</summary>
/// <remarks>
/// <para>
/// The exponent of zero is <see cref="None"/> or less. Others are above <see cref="Least"/>: an utterance of which this is not certain is computed
/// in double. So no sum of two exponents overflows, and what grows from zeros in the course of the frames stays below every probability.
/// </para>
/// <para>
/// The relative error of a step is at most 2⁻²² or so, of either sign; that of T frames about √T·10⁻⁷. A term below 2⁻¹²⁶ of the largest of its sum
/// is lost.
/// </para>
/// </remarks>
internal static class SingleRange
{
    /// <summary>The exponent of zero.</summary>
    public const int None = -(1 << 29);

    /// <summary>Less than the exponent of every probability.</summary>
    public const int Least = -(1 << 27);

    /// <summary>The least finite logarithm of which <see cref="Exp"/> is correct.</summary>
    public const float LeastLog = -1e7f;

    /// <summary>Computes exp; of −∞ it is zero.</summary>
    /// <param name="x">At least <see cref="LeastLog"/>, or −∞; at most −<see cref="LeastLog"/>.</param>
    /// <returns>A mantissa in [0.7, 1.42), and an exponent.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TLanes Mantissa, TLanes Exponent) Exp<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>
    {
        (TLanes mantissa, TLanes n) = Reduce(TLanes.Max(x, TLanes.Of(LeastLog)));
        return (mantissa, TLanes.WhereBelow(x, LeastLog, TLanes.OfWhole(None), TLanes.ToWhole(n)));
    }

    /// <summary>Computes exp as a plain number.</summary>
    /// <param name="x">From −80 to 80; else the result is undefined.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes PlainExp<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>
    {
        (TLanes mantissa, TLanes n) = Reduce(x);
        return TLanes.Scale(mantissa, TLanes.ToWhole(n));
    }

    /// <summary>Computes exp as a mantissa and a power of two: Taylor's series to r⁷ over ±ln 2 / 2, ln 2 in two parts as in Cephes' expf.</summary>
    /// <param name="x">Finite, in the range of <see cref="Exp"/>; else the result is undefined, but NaN stays NaN.</param>
    /// <returns>A mantissa in [0.7, 1.42) with a relative error below 10⁻⁷, exactly 1 at 0; and an exponent, rounded to a whole number.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TLanes Mantissa, TLanes N) Reduce<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes n = TLanes.Round(x * TLanes.Of(1.44269504f));
        TLanes r = TLanes.MultiplyAdd(n, TLanes.Of(-0.693359375f), x);
        r = TLanes.MultiplyAdd(n, TLanes.Of(2.12194440e-4f), r);
        TLanes sum = TLanes.Of(1f / 5040);
        sum = TLanes.MultiplyAdd(sum, r, TLanes.Of(1f / 720));
        sum = TLanes.MultiplyAdd(sum, r, TLanes.Of(1f / 120));
        sum = TLanes.MultiplyAdd(sum, r, TLanes.Of(1f / 24));
        sum = TLanes.MultiplyAdd(sum, r, TLanes.Of(1f / 6));
        sum = TLanes.MultiplyAdd(sum, r, TLanes.Of(1f / 2));
        sum = TLanes.MultiplyAdd(sum, r, TLanes.Of(1));
        return (TLanes.MultiplyAdd(sum, r, TLanes.Of(1)), n);
    }

    /// <summary>Adds two numbers.</summary>
    /// <returns>The sum in the range of 2 to the largest exponent, and that exponent.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TLanes Sum, TLanes Exponent) Sum<TLanes>(TLanes t0, TLanes x0, TLanes t1, TLanes x1)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes largest = TLanes.MaxWhole(x0, x1);
        TLanes sum = t0 * TLanes.PowerOfTwo(TLanes.SubtractWhole(x0, largest));
        return (TLanes.MultiplyAdd(t1, TLanes.PowerOfTwo(TLanes.SubtractWhole(x1, largest)), sum), largest);
    }

    /// <summary>Adds three numbers. If the third is zero, the bits are those of the sum of the others.</summary>
    /// <inheritdoc cref="Sum{TLanes}(TLanes, TLanes, TLanes, TLanes)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TLanes Sum, TLanes Exponent) Sum<TLanes>(TLanes t0, TLanes x0, TLanes t1, TLanes x1, TLanes t2, TLanes x2)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes largest = TLanes.MaxWhole(TLanes.MaxWhole(x0, x1), x2);
        TLanes sum = t0 * TLanes.PowerOfTwo(TLanes.SubtractWhole(x0, largest));
        sum = TLanes.MultiplyAdd(t1, TLanes.PowerOfTwo(TLanes.SubtractWhole(x1, largest)), sum);
        return (TLanes.MultiplyAdd(t2, TLanes.PowerOfTwo(TLanes.SubtractWhole(x2, largest)), sum), largest);
    }

    /// <summary>Renews an exponent.</summary>
    /// <param name="mantissa">Positive and normal.</param>
    /// <param name="exponent">A whole number.</param>
    /// <returns>The same number with a mantissa in [1, 2).</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TLanes Mantissa, TLanes Exponent) Renew<TLanes>(TLanes mantissa, TLanes exponent)
        where TLanes : struct, ILanes<TLanes>
    {
        (TLanes renewed, TLanes more) = TLanes.Split(mantissa);
        return (renewed, TLanes.MaxWhole(TLanes.AddWhole(exponent, more), TLanes.OfWhole(None)));
    }

    /// <summary>Splits e^log.</summary>
    /// <param name="log">A logarithm; −∞ is zero.</param>
    /// <returns>A mantissa in [0.7, 1.42), and an exponent.</returns>
    public static (float Mantissa, int Exponent) FromLog(double log)
    {
        double exponent = Math.Round(log / ExtendedRange.LogTwo);
        return exponent <= None ? (1, None) : ((float)Math.Exp(log - (exponent * ExtendedRange.LogTwo)), (int)exponent);
    }
}
