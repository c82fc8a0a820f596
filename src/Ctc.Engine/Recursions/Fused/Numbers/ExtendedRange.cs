using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ctc.Engine.Recursions.Fused.Numbers;

/// <summary>
/// Probabilities of any size: for each a mantissa in [0.7, 2) and an exponent of two, both doubles. The exponent of zero is −∞.
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
    /// <summary>The number of states that are stored together: that of the lanes of the widest vectors, which other vectors divide.</summary>
    public const int Lanes = 8;

    /// <summary>Less than the exponent of every finite score, and finite, so that differences with it are not NaN.</summary>
    public const double Floor = -1e300;

    /// <summary>The largest exponent of level numbers: products of two of them, and quotients of these, are doubles.</summary>
    public const double Level = 400;

    /// <summary>The exponents, up or down, below which mantissa and exponent fit into one double.</summary>
    public const double Narrow = 1000;

    /// <summary>ln 2.</summary>
    public const double LogTwo = 0.6931471805599453;

    private const double HalfLogTwo = 0.34657359027997264 + 1e-9;
    private const double LogTwoHigh = 0.693147180369123816490, LogTwoLow = 1.90821492927058770002e-10;

    /// <summary>Computes exp; of −∞ it is zero. NaN and +∞ get an exponent that makes every sum NaN.</summary>
    /// <typeparam name="TExact">
    /// Whether to all 53 bits, or to a relative error of 10⁻¹¹: a thousandth of the rounding of a float32 logarithm near 1.
    /// </typeparam>
    /// <typeparam name="TLanes">The vectors.</typeparam>
    /// <returns>A mantissa in [0.7, 1.42) and an exponent.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TLanes Mantissa, TLanes Exponent) Exp<TExact, TLanes>(TLanes x)
        where TExact : IChoice
        where TLanes : struct, IDoubleLanes<TLanes>
    {
        TLanes n = TLanes.Round(x * TLanes.Of(1.4426950408889634));
        TLanes r = TLanes.MultiplyAdd(n, TLanes.Of(-LogTwoHigh), x);
        r = TLanes.MultiplyAdd(n, TLanes.Of(-LogTwoLow), r);
        r = TLanes.WhereEqual(r, r, r, TLanes.Of(0)); // NaN if x is −∞
        r = TLanes.Min(TLanes.Max(r, TLanes.Of(-HalfLogTwo)), TLanes.Of(HalfLogTwo)); // beyond 2⁵³ no bit of r is significant
        TLanes square = r * r; // Taylor's series to r¹³, or to r⁹, even and odd powers separately, for parallelism
        TLanes even = TLanes.Of(1.0 / 40320), odd = TLanes.Of(1.0 / 362880);
        if (TExact.Chosen)
        {
            even = Horner(Horner(TLanes.Of(1.0 / 479001600), square, 1.0 / 3628800), square, 1.0 / 40320);
            odd = Horner(Horner(TLanes.Of(1.0 / 6227020800), square, 1.0 / 39916800), square, 1.0 / 362880);
        }

        even = Horner(Horner(Horner(Horner(even, square, 1.0 / 720), square, 1.0 / 24), square, 1.0 / 2), square, 1);
        odd = Horner(Horner(Horner(Horner(odd, square, 1.0 / 5040), square, 1.0 / 120), square, 1.0 / 6), square, 1);
        return (TLanes.MultiplyAdd(odd, r, even), n);
    }

    /// <summary>Computes exp of a row, in whole vectors.</summary>
    public static void Exp<TLanes>(ReadOnlySpan<double> logs, Span<double> mantissas, Span<double> exponents)
        where TLanes : struct, IDoubleLanes<TLanes>
    {
        ref double x = ref MemoryMarshal.GetReference(logs);
        ref double m = ref MemoryMarshal.GetReference(mantissas), e = ref MemoryMarshal.GetReference(exponents);
        for (nint i = 0; i + TLanes.Count <= logs.Length; i += TLanes.Count)
        {
            (TLanes mantissa, TLanes exponent) = Exp<Yes, TLanes>(TLanes.Load(ref x, i));
            mantissa.Store(ref m, i);
            exponent.Store(ref e, i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Horner<TLanes>(TLanes sum, TLanes x, double coefficient)
        where TLanes : struct, IDoubleLanes<TLanes> => TLanes.MultiplyAdd(sum, x, TLanes.Of(coefficient));
}
