using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ctc.Engine.Recursions.Fused.Numbers;

/// <summary>Lanes of 256 bits.</summary>
internal readonly struct Lanes256(Vector256<float> lanes) : ILanes<Lanes256>
{
    private readonly Vector256<float> lanes = lanes;

    private Lanes256(Vector256<int> whole)
        : this(whole.AsSingle())
    {
    }

    public static int Count => Vector256<float>.Count;

    private Vector256<int> Whole
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => lanes.AsInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator +(Lanes256 left, Lanes256 right) => new(left.lanes + right.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator -(Lanes256 left, Lanes256 right) => new(left.lanes - right.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator *(Lanes256 left, Lanes256 right) => new(left.lanes * right.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Of(float number) => new(Vector256.Create(number));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 OfWhole(int number) => new(Vector256.Create(number));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Load(ref float row, nint place) => new(Vector256.LoadUnsafe(ref Unsafe.Add(ref row, place)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref float row, nint place) => lanes.StoreUnsafe(ref Unsafe.Add(ref row, place));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 MultiplyAdd(Lanes256 left, Lanes256 right, Lanes256 more) =>
        new(Vector256.MultiplyAddEstimate(left.lanes, right.lanes, more.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Max(Lanes256 left, Lanes256 right) =>
        new(Vector256.MaxNative(left.lanes, right.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Round(Lanes256 numbers) => new(Vector256.Round(numbers.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 ToWhole(Lanes256 numbers) => new(Vector256.ConvertToInt32Native(numbers.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 AddWhole(Lanes256 left, Lanes256 right) => new(left.Whole + right.Whole);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 SubtractWhole(Lanes256 left, Lanes256 right) => new(left.Whole - right.Whole);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 MaxWhole(Lanes256 left, Lanes256 right) => new(Vector256.Max(left.Whole, right.Whole));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 PowerOfTwo(Lanes256 exponents) =>
        new(Vector256.ShiftLeft(Vector256.Max(exponents.Whole, Vector256.Create(-127)) + Vector256.Create(127), 23));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Lanes256 Mantissa, Lanes256 Exponent) Split(Lanes256 numbers)
    {
        Vector256<int> bits = numbers.Whole;
        return (
            new((bits & Vector256.Create(0x007FFFFF)) | Vector256.Create(0x3F800000)),
            new(Vector256.ShiftRightLogical(bits, 23) - Vector256.Create(127)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 WhereBelow(Lanes256 numbers, float limit, Lanes256 below, Lanes256 other) =>
        new(Vector256.ConditionalSelect(Vector256.LessThan(numbers.lanes, Vector256.Create(limit)), below.lanes, other.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyBelow(Lanes256 numbers, float limit) => Vector256.LessThanAny(numbers.lanes, Vector256.Create(limit));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreScores(Lanes256 numbers) => Vector256.LessThanAll(numbers.lanes, Vector256.Create(float.PositiveInfinity));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(Lanes256 numbers) =>
        Lanes128.Largest(Lanes128.Max(new(numbers.lanes.GetLower()), new(numbers.lanes.GetUpper())));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Lanes256 numbers) => Lanes128.Sum(new(numbers.lanes.GetLower() + numbers.lanes.GetUpper()));
}
