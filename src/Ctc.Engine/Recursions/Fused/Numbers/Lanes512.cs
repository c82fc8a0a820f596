using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Ctc.Engine.Recursions.Fused.Numbers;

/// <summary>Lanes of 512 bits.</summary>
internal readonly struct Lanes512(Vector512<float> lanes) : ILanes<Lanes512>
{
    private readonly Vector512<float> lanes = lanes;

    private Lanes512(Vector512<int> whole)
        : this(whole.AsSingle())
    {
    }

    public static int Count => Vector512<float>.Count;

    private Vector512<int> Whole
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => lanes.AsInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator +(Lanes512 left, Lanes512 right) => new(left.lanes + right.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator -(Lanes512 left, Lanes512 right) => new(left.lanes - right.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator *(Lanes512 left, Lanes512 right) => new(left.lanes * right.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator /(Lanes512 left, Lanes512 right) => new(left.lanes / right.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Of(float number) => new(Vector512.Create(number));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 OfWhole(int number) => new(Vector512.Create(number));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Load(ref float row, nint place) => new(Vector512.LoadUnsafe(ref Unsafe.Add(ref row, place)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref float row, nint place) => lanes.StoreUnsafe(ref Unsafe.Add(ref row, place));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 MultiplyAdd(Lanes512 left, Lanes512 right, Lanes512 more) =>
        new(Vector512.MultiplyAddEstimate(left.lanes, right.lanes, more.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Max(Lanes512 left, Lanes512 right) =>
        new(Vector512.MaxNative(left.lanes, right.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Min(Lanes512 left, Lanes512 right) =>
        new(Vector512.MinNative(left.lanes, right.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Round(Lanes512 numbers) => new(Vector512.Round(numbers.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 ToWhole(Lanes512 numbers) => new(Vector512.ConvertToInt32Native(numbers.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 AddWhole(Lanes512 left, Lanes512 right) => new(left.Whole + right.Whole);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 SubtractWhole(Lanes512 left, Lanes512 right) => new(left.Whole - right.Whole);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 MaxWhole(Lanes512 left, Lanes512 right) => new(Vector512.Max(left.Whole, right.Whole));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 PowerOfTwo(Lanes512 exponents) =>
        new(Vector512.ShiftLeft(Vector512.Max(exponents.Whole, Vector512.Create(-127)) + Vector512.Create(127), 23));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Scale(Lanes512 numbers, Lanes512 exponents) => new(numbers.Whole + Vector512.ShiftLeft(exponents.Whole, 23));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Lanes512 Mantissa, Lanes512 Exponent) Split(Lanes512 numbers)
    {
        Vector512<int> bits = numbers.Whole;
        return (
            new((bits & Vector512.Create(0x007FFFFF)) | Vector512.Create(0x3F800000)),
            new(Vector512.ShiftRightLogical(bits, 23) - Vector512.Create(127)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 WhereBelow(Lanes512 numbers, float limit, Lanes512 below, Lanes512 other) =>
        new(Vector512.ConditionalSelect(Vector512.LessThan(numbers.lanes, Vector512.Create(limit)), below.lanes, other.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 WhereScores(Lanes512 marks, Lanes512 numbers) =>
        new(marks.lanes & Vector512.LessThan(numbers.lanes, Vector512.Create(float.PositiveInfinity)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreMarked(Lanes512 marks) => Vector512.EqualsAll(marks.Whole, Vector512<int>.AllBitsSet);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyBelow(Lanes512 numbers, float limit) => Vector512.LessThanAny(numbers.lanes, Vector512.Create(limit));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(Lanes512 numbers) =>
        Lanes256.Largest(Lanes256.Max(new(numbers.lanes.GetLower()), new(numbers.lanes.GetUpper())));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Smallest(Lanes512 numbers) =>
        Lanes256.Smallest(Lanes256.Min(new(numbers.lanes.GetLower()), new(numbers.lanes.GetUpper())));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Pick(ref float table, Lanes512 places) => new(Avx512F.PermuteVar16x32x2(
        Vector512.LoadUnsafe(ref table), places.Whole, Vector512.LoadUnsafe(ref Unsafe.Add(ref table, Count))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(ref float from, nint step, ref float to)
    {
        for (nint i = 0; i < Count; i += Lanes256.Count)
        {
            for (nint j = 0; j < Count; j += Lanes256.Count)
            {
                Lanes256.Transpose(ref Unsafe.Add(ref from, (i * step) + j), step, ref Unsafe.Add(ref to, (j * Count) + i), Count);
            }
        }
    }
}
