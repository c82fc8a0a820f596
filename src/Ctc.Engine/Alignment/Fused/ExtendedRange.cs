using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Ctc.Engine.Alignment.Fused;

/// <summary>
/// Probabilities of any size, eight at a time: a mantissa in [0.7, 2) and an exponent of two of its own for each, both doubles. Zero is an exponent
/// of −∞.
/// </summary>
/// <remarks>
/// <para>
/// Why this is enough: the exponent reaches as far as a logarithm would (whole numbers to 2⁵³, and beyond that with a logarithm's precision), so
/// no product over frames and no ratio between two states underflows, whatever the scores are. A sum loses only terms below 2⁻¹⁰⁰⁰ of its
/// largest. The mantissa keeps 53 bits: T frames cost a relative error of about T·10⁻¹⁶, where float32 logarithms near −10⁴ are 10⁻³ apart.
/// </para>
/// <para>A step needs no exp and no log: those are taken once for each token in each frame, and once at the end.</para>
/// </remarks>
internal static class ExtendedRange
{
    /// <summary>How many numbers are worked on at a time.</summary>
    public const int Lanes = 8;

    /// <summary>Below every exponent of a score that is a number, and itself one, so that differences with it are no NaN.</summary>
    public const double Floor = -1e300;

    /// <summary>ln 2.</summary>
    public const double LogTwo = 0.6931471805599453;

    private const double MostSignificant = 4503599627370496.0; // 2⁵²: adding it leaves a whole number in the low bits
    private const double HalfLogTwo = 0.34657359027997264 + 1e-9;
    private const double LogTwoHigh = 0.693147180369123816490, LogTwoLow = 1.90821492927058770002e-10;

    // 1 / n!
    private static ReadOnlySpan<double> Taylor =>
    [
        1, 1, 1.0 / 2, 1.0 / 6, 1.0 / 24, 1.0 / 120, 1.0 / 720, 1.0 / 5040, 1.0 / 40320, 1.0 / 362880, 1.0 / 3628800, 1.0 / 39916800, 1.0 / 479001600, 1.0 / 6227020800,
    ];

    /// <summary>exp of logarithms; −∞ becomes zero. Numbers must be below +∞.</summary>
    /// <returns>A mantissa in [0.7, 1.42) and an exponent.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<double> Mantissa, Vector512<double> Exponent) Exp(Vector512<double> x)
    {
        Vector512<double> n = Vector512.Round(x * Vector512.Create(1.4426950408889634));
        Vector512<double> r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-LogTwoHigh), x);
        r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-LogTwoLow), r);
        r = Vector512.ConditionalSelect(Vector512.Equals(r, r), r, Vector512<double>.Zero); // NaN where x is −∞
        r = Vector512.MinNative(Vector512.MaxNative(r, Vector512.Create(-HalfLogTwo)), Vector512.Create(HalfLogTwo)); // beyond 2⁵³ nothing is left of r
        Vector512<double> power = Vector512.Create(Taylor[^1]);
        for (int degree = Taylor.Length - 2; degree >= 0; degree--) power = Vector512.FusedMultiplyAdd(power, r, Vector512.Create(Taylor[degree]));

        return (power, n);
    }

    /// <summary>x·2^d for d up to about 1; 0 where that is too small.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Scale(Vector512<double> x, Vector512<double> d)
    {
        if (Avx512F.IsSupported) return Avx512F.Scale(x, d);
        Vector512<double> whole = Vector512.MaxNative(d, Vector512.Create(-1023.0)) + Vector512.Create(MostSignificant + 1023);
        return x * Vector512.ShiftLeft(whole.AsInt64(), 52).AsDouble();
    }

    /// <summary>Splits numbers that are 0 or at least 0.5.</summary>
    /// <returns>A mantissa in [1, 2) and an exponent.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<double> Mantissa, Vector512<double> Exponent) Split(Vector512<double> x)
    {
        if (Avx512F.IsSupported) return (Avx512F.GetMantissa(x, 0), Avx512F.GetExponent(x));
        Vector512<long> bits = x.AsInt64();
        Vector512<double> biased = (Vector512.ShiftRightLogical(bits, 52) | Vector512.Create(MostSignificant).AsInt64()).AsDouble();
        Vector512<double> exponent = biased - Vector512.Create(MostSignificant + 1023);
        Vector512<double> mantissa = ((bits & Vector512.Create(0x000FFFFFFFFFFFFFL)) | Vector512<double>.One.AsInt64()).AsDouble();
        return (mantissa, Vector512.ConditionalSelect(Vector512.Equals(x, Vector512<double>.Zero), Vector512.Create(double.NegativeInfinity), exponent));
    }
}
