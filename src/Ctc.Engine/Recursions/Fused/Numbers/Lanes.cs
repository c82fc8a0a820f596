using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Ctc.Engine.Recursions.Fused.Numbers;

/// <summary>Moves numbers between lanes in registers. Loading numbers just written at another offset would stall.</summary>
internal static class Lanes
{
    /// <summary>Returns the numbers at some places of two concatenated vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Pick(Vector512<double> lower, Vector512<long> places, Vector512<double> upper)
    {
        if (Avx512F.IsSupported) return Avx512F.PermuteVar8x64x2(lower, places, upper);
        // Shuffle gives 0 for a place outside the vector.
        Vector512<double> fromUpper = Vector512.Shuffle(upper, places - Vector512.Create((long)ExtendedRange.Lanes));
        return (Vector512.Shuffle(lower, places).AsInt64() | fromUpper.AsInt64()).AsDouble();
    }

    /// <summary>Writes four rows of eight as eight rows of four.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Interleave(Vector512<double> a, Vector512<double> b, Vector512<double> c, Vector512<double> d, ref double to)
    {
        (Vector512<long> lowerPairs, Vector512<long> upperPairs) =
            (Vector512.Create(0L, 8, 1, 9, 2, 10, 3, 11), Vector512.Create(4L, 12, 5, 13, 6, 14, 7, 15));
        (Vector512<long> lowerFours, Vector512<long> upperFours) =
            (Vector512.Create(0L, 1, 8, 9, 2, 3, 10, 11), Vector512.Create(4L, 5, 12, 13, 6, 7, 14, 15));
        (Vector512<double> lower, Vector512<double> upper) = (Pick(a, lowerPairs, b), Pick(a, upperPairs, b));
        (Vector512<double> otherLower, Vector512<double> otherUpper) = (Pick(c, lowerPairs, d), Pick(c, upperPairs, d));
        Pick(lower, lowerFours, otherLower).StoreUnsafe(ref to);
        Pick(lower, upperFours, otherLower).StoreUnsafe(ref to, 8);
        Pick(upper, lowerFours, otherUpper).StoreUnsafe(ref to, 16);
        Pick(upper, upperFours, otherUpper).StoreUnsafe(ref to, 24);
    }

    /// <summary>Loads eight rows of four as four rows of eight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<double> A, Vector512<double> B, Vector512<double> C, Vector512<double> D) Deinterleave(ref double from)
    {
        (Vector512<long> firstPairs, Vector512<long> secondPairs) =
            (Vector512.Create(0L, 1, 4, 5, 8, 9, 12, 13), Vector512.Create(2L, 3, 6, 7, 10, 11, 14, 15));
        (Vector512<long> even, Vector512<long> odd) = (Vector512.Create(0L, 2, 4, 6, 8, 10, 12, 14), Vector512.Create(1L, 3, 5, 7, 9, 11, 13, 15));
        (Vector512<double> w, Vector512<double> x) = (Vector512.LoadUnsafe(ref from), Vector512.LoadUnsafe(ref from, 8));
        (Vector512<double> y, Vector512<double> z) = (Vector512.LoadUnsafe(ref from, 16), Vector512.LoadUnsafe(ref from, 24));
        (Vector512<double> lower, Vector512<double> upper) = (Pick(w, firstPairs, x), Pick(y, firstPairs, z));
        (Vector512<double> otherLower, Vector512<double> otherUpper) = (Pick(w, secondPairs, x), Pick(y, secondPairs, z));
        return (Pick(lower, even, upper), Pick(lower, odd, upper), Pick(otherLower, even, otherUpper), Pick(otherLower, odd, otherUpper));
    }
}
