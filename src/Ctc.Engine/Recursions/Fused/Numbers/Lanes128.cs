using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ctc.Engine.Recursions.Fused.Numbers;

/// <summary>Lanes of 128 bits.</summary>
internal readonly struct Lanes128(Vector128<float> lanes) : ILanes<Lanes128>
{
    private readonly Vector128<float> lanes = lanes;

    private Lanes128(Vector128<int> whole)
        : this(whole.AsSingle())
    {
    }

    public static int Count => Vector128<float>.Count;

    private Vector128<int> Whole
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => lanes.AsInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator +(Lanes128 left, Lanes128 right) => new(left.lanes + right.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator -(Lanes128 left, Lanes128 right) => new(left.lanes - right.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator *(Lanes128 left, Lanes128 right) => new(left.lanes * right.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator /(Lanes128 left, Lanes128 right) => new(left.lanes / right.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Of(float number) => new(Vector128.Create(number));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 OfWhole(int number) => new(Vector128.Create(number));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Load(ref float row, nint place) => new(Vector128.LoadUnsafe(ref Unsafe.Add(ref row, place)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref float row, nint place) => lanes.StoreUnsafe(ref Unsafe.Add(ref row, place));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 MultiplyAdd(Lanes128 left, Lanes128 right, Lanes128 more) =>
        new(Vector128.MultiplyAddEstimate(left.lanes, right.lanes, more.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Max(Lanes128 left, Lanes128 right) =>
        new(Vector128.MaxNative(left.lanes, right.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Min(Lanes128 left, Lanes128 right) =>
        new(Vector128.MinNative(left.lanes, right.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Round(Lanes128 numbers) => new(Vector128.Round(numbers.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 ToWhole(Lanes128 numbers) => new(Vector128.ConvertToInt32Native(numbers.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 AddWhole(Lanes128 left, Lanes128 right) => new(left.Whole + right.Whole);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 SubtractWhole(Lanes128 left, Lanes128 right) => new(left.Whole - right.Whole);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 MaxWhole(Lanes128 left, Lanes128 right) => new(Vector128.Max(left.Whole, right.Whole));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 PowerOfTwo(Lanes128 exponents) =>
        new(Vector128.ShiftLeft(Vector128.Max(exponents.Whole, Vector128.Create(-127)) + Vector128.Create(127), 23));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Scale(Lanes128 numbers, Lanes128 exponents) => new(numbers.Whole + Vector128.ShiftLeft(exponents.Whole, 23));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Lanes128 Mantissa, Lanes128 Exponent) Split(Lanes128 numbers)
    {
        Vector128<int> bits = numbers.Whole;
        return (
            new((bits & Vector128.Create(0x007FFFFF)) | Vector128.Create(0x3F800000)),
            new(Vector128.ShiftRightLogical(bits, 23) - Vector128.Create(127)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 WhereBelow(Lanes128 numbers, float limit, Lanes128 below, Lanes128 other) =>
        new(Vector128.ConditionalSelect(Vector128.LessThan(numbers.lanes, Vector128.Create(limit)), below.lanes, other.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 WhereScores(Lanes128 marks, Lanes128 numbers) =>
        new(marks.lanes & Vector128.LessThan(numbers.lanes, Vector128.Create(float.PositiveInfinity)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreMarked(Lanes128 marks) => Vector128.EqualsAll(marks.Whole, Vector128<int>.AllBitsSet);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyBelow(Lanes128 numbers, float limit) => Vector128.LessThanAny(numbers.lanes, Vector128.Create(limit));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(Lanes128 numbers)
    {
        Vector128<float> pairs = Vector128.MaxNative(numbers.lanes, Vector128.Shuffle(numbers.lanes, Vector128.Create(2, 3, 0, 1)));
        return Vector128.MaxNative(pairs, Vector128.Shuffle(pairs, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Smallest(Lanes128 numbers)
    {
        Vector128<float> pairs = Vector128.MinNative(numbers.lanes, Vector128.Shuffle(numbers.lanes, Vector128.Create(2, 3, 0, 1)));
        return Vector128.MinNative(pairs, Vector128.Shuffle(pairs, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Pick(ref float table, Lanes128 places)
    {
        Vector128<int> at = places.Whole;
        float first = Unsafe.Add(ref table, at[0]), second = Unsafe.Add(ref table, at[1]);
        return new(Vector128.Create(first, second, Unsafe.Add(ref table, at[2]), Unsafe.Add(ref table, at[3])));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(ref float from, nint step, ref float to)
    {
        for (nint i = 0; i < Count; i++)
        {
            for (nint j = 0; j < Count; j++) Unsafe.Add(ref to, (j * Count) + i) = Unsafe.Add(ref from, (i * step) + j);
        }
    }
}
