using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Ctc.Engine.Recursions.Fused.Numbers;

/// <summary>
/// Probabilities of any size, eight at a time: for each a mantissa in [0.7, 2) and an exponent of two, both doubles. The exponent of zero is −∞.
/// </summary>
/// <remarks>
/// <para>
/// Why this is enough: the exponent has the range of a logarithm (whole numbers to 2⁵³, and beyond that the precision of a logarithm), so no product
/// over frames and no ratio between two states underflows, for any scores. A sum loses only terms below 2⁻¹⁰⁰⁰ of its largest. The mantissa has
/// 53 bits: the relative error of T frames is about T·10⁻¹⁶, whereas float32 logarithms near −10⁴ are 10⁻³ apart.
/// </para>
/// <para>A step needs no exp and no log: exp is computed once for each token in each frame, log once at the end.</para>
/// </remarks>
internal static class ExtendedRange
{
    /// <summary>The number of lanes of a vector.</summary>
    public const int Lanes = 8;

    /// <summary>Less than the exponent of every finite score, and finite, so that differences with it are not NaN.</summary>
    public const double Floor = -1e300;

    /// <summary>The largest exponent of level numbers: products of two of them, and quotients of these, are doubles.</summary>
    public const double Level = 400;

    /// <summary>ln 2.</summary>
    public const double LogTwo = 0.6931471805599453;

    private const double MostSignificant = 4503599627370496.0; // 2⁵²: added to a whole number, it leaves that number in the low bits
    private const double HalfLogTwo = 0.34657359027997264 + 1e-9;
    private const double LogTwoHigh = 0.693147180369123816490, LogTwoLow = 1.90821492927058770002e-10;

    /// <summary>Computes exp; of −∞ it is zero. NaN and +∞ get an exponent that makes every sum NaN.</summary>
    /// <typeparam name="TExact">
    /// Whether to all 53 bits, or to a relative error of 10⁻¹¹: a thousandth of the rounding of a float32 logarithm near 1.
    /// </typeparam>
    /// <returns>A mantissa in [0.7, 1.42) and an exponent.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<double> Mantissa, Vector512<double> Exponent) Exp<TExact>(Vector512<double> x)
        where TExact : IChoice
    {
        Vector512<double> n = Vector512.Round(x * Vector512.Create(1.4426950408889634));
        Vector512<double> r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-LogTwoHigh), x);
        r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-LogTwoLow), r);
        r = Vector512.ConditionalSelect(Vector512.Equals(r, r), r, Vector512<double>.Zero); // NaN if x is −∞
        // Beyond 2⁵³ no bit of r is significant.
        r = Vector512.MinNative(Vector512.MaxNative(r, Vector512.Create(-HalfLogTwo)), Vector512.Create(HalfLogTwo));
        Vector512<double> square = r * r; // Taylor's series to r¹³, or to r⁹, even and odd powers separately, for parallelism
        Vector512<double> even = Vector512.Create(1.0 / 40320), odd = Vector512.Create(1.0 / 362880);
        if (TExact.Chosen)
        {
            even = Horner(Horner(Vector512.Create(1.0 / 479001600), square, 1.0 / 3628800), square, 1.0 / 40320);
            odd = Horner(Horner(Vector512.Create(1.0 / 6227020800), square, 1.0 / 39916800), square, 1.0 / 362880);
        }

        even = Horner(Horner(Horner(Horner(even, square, 1.0 / 720), square, 1.0 / 24), square, 1.0 / 2), square, 1);
        odd = Horner(Horner(Horner(Horner(odd, square, 1.0 / 5040), square, 1.0 / 120), square, 1.0 / 6), square, 1);
        return (Vector512.FusedMultiplyAdd(odd, r, even), n);
    }

    /// <summary>Returns for which exponents mantissa and exponent fit into one double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> IsNarrow(Vector512<double> exponent) =>
        Vector512.LessThan(Vector512.Abs(exponent), Vector512.Create(1000.0)) | Vector512.Equals(exponent, Vector512.Create(double.NegativeInfinity));

    /// <summary>Computes x·2^d for d up to 1000; 0 if that is too small.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Scale(Vector512<double> x, Vector512<double> d)
    {
        if (Avx512F.IsSupported) return Avx512F.Scale(x, d);
        Vector512<double> whole = Vector512.MaxNative(d, Vector512.Create(-1023.0)) + Vector512.Create(MostSignificant + 1023);
        Vector512<double> power = Vector512.ShiftLeft(whole.AsInt64(), 52).AsDouble();
        return x * Vector512.ConditionalSelect(Vector512.Equals(d, d), power, d); // NaN stays NaN
    }

    /// <summary>Splits numbers that are 0 or normal, such as products of a mantissa and a narrow emission.</summary>
    /// <returns>A mantissa in [1, 2) and an exponent.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<double> Mantissa, Vector512<double> Exponent) Split(Vector512<double> x)
    {
        if (Avx512F.IsSupported) return (Avx512F.GetMantissa(x, 0), Avx512F.GetExponent(x));
        Vector512<long> bits = x.AsInt64();
        Vector512<double> biased = (Vector512.ShiftRightLogical(bits, 52) | Vector512.Create(MostSignificant).AsInt64()).AsDouble();
        Vector512<double> exponent = biased - Vector512.Create(MostSignificant + 1023) + (x - x); // NaN if x is NaN or infinite
        Vector512<double> mantissa = ((bits & Vector512.Create(0x000FFFFFFFFFFFFFL)) | Vector512<double>.One.AsInt64()).AsDouble();
        Vector512<double> isZero = Vector512.Equals(x, Vector512<double>.Zero);
        return (mantissa, Vector512.ConditionalSelect(isZero, Vector512.Create(double.NegativeInfinity), exponent));
    }

    /// <summary>Returns the largest of eight numbers; NaN if one is.</summary>
    public static double Largest(Vector512<double> numbers)
    {
        double largest = numbers[0];
        for (int i = 1; i < Lanes; i++) largest = Math.Max(largest, numbers[i]);
        return largest;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Horner(Vector512<double> sum, Vector512<double> x, double coefficient) =>
        Vector512.FusedMultiplyAdd(sum, x, Vector512.Create(coefficient));
}
