using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Ctc.Engine.Alignment.Fused;

/// <summary>Moves numbers between places in registers. To read at another place what was just written makes a processor wait until the cache has it.</summary>
internal static class Lanes
{
    private static Vector512<long> LowerPairs
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(0L, 8, 1, 9, 2, 10, 3, 11);
    }

    private static Vector512<long> UpperPairs
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(4L, 12, 5, 13, 6, 14, 7, 15);
    }

    private static Vector512<long> LowerFours
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(0L, 1, 8, 9, 2, 3, 10, 11);
    }

    private static Vector512<long> UpperFours
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(4L, 5, 12, 13, 6, 7, 14, 15);
    }

    private static Vector512<long> FirstPairs
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(0L, 1, 4, 5, 8, 9, 12, 13);
    }

    private static Vector512<long> SecondPairs
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(2L, 3, 6, 7, 10, 11, 14, 15);
    }

    private static Vector512<long> Even
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(0L, 2, 4, 6, 8, 10, 12, 14);
    }

    private static Vector512<long> Odd
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(1L, 3, 5, 7, 9, 11, 13, 15);
    }

    /// <summary>The numbers at places of two vectors, one behind the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Pick(Vector512<double> lower, Vector512<long> places, Vector512<double> upper)
    {
        if (Avx512F.IsSupported) return Avx512F.PermuteVar8x64x2(lower, places, upper);
        // Shuffle gives 0 for a place that is none.
        Vector512<double> fromUpper = Vector512.Shuffle(upper, places - Vector512.Create((long)ExtendedRange.Lanes));
        return (Vector512.Shuffle(lower, places).AsInt64() | fromUpper.AsInt64()).AsDouble();
    }

    /// <summary>Writes four rows of eight as eight of four.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Interleave(Vector512<double> a, Vector512<double> b, Vector512<double> c, Vector512<double> d, ref double to)
    {
        (Vector512<double> lower, Vector512<double> upper) = (Pick(a, LowerPairs, b), Pick(a, UpperPairs, b));
        (Vector512<double> otherLower, Vector512<double> otherUpper) = (Pick(c, LowerPairs, d), Pick(c, UpperPairs, d));
        Pick(lower, LowerFours, otherLower).StoreUnsafe(ref to);
        Pick(lower, UpperFours, otherLower).StoreUnsafe(ref to, 8);
        Pick(upper, LowerFours, otherUpper).StoreUnsafe(ref to, 16);
        Pick(upper, UpperFours, otherUpper).StoreUnsafe(ref to, 24);
    }

    /// <summary>Reads eight rows of four as four of eight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<double> A, Vector512<double> B, Vector512<double> C, Vector512<double> D) Deinterleave(ref double from)
    {
        (Vector512<double> w, Vector512<double> x) = (Vector512.LoadUnsafe(ref from), Vector512.LoadUnsafe(ref from, 8));
        (Vector512<double> y, Vector512<double> z) = (Vector512.LoadUnsafe(ref from, 16), Vector512.LoadUnsafe(ref from, 24));
        (Vector512<double> lower, Vector512<double> upper) = (Pick(w, FirstPairs, x), Pick(y, FirstPairs, z));
        (Vector512<double> otherLower, Vector512<double> otherUpper) = (Pick(w, SecondPairs, x), Pick(y, SecondPairs, z));
        return (Pick(lower, Even, upper), Pick(lower, Odd, upper), Pick(otherLower, Even, otherUpper), Pick(otherLower, Odd, otherUpper));
    }
}
