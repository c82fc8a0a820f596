using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Ctc.Engine.Recursions.Fused.Numbers;

/// <summary>Doubles in 256 bits.</summary>
internal readonly struct DoubleLanes256(Vector256<double> lanes) : IDoubleLanes<DoubleLanes256>
{
    private const double MostSignificant = 4503599627370496.0; // 2⁵²: added to a whole number, it leaves that number in the low bits

    private readonly Vector256<double> lanes = lanes;

    public static int Count => Vector256<double>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleLanes256 operator +(DoubleLanes256 left, DoubleLanes256 right) => new(left.lanes + right.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleLanes256 operator -(DoubleLanes256 left, DoubleLanes256 right) => new(left.lanes - right.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleLanes256 operator *(DoubleLanes256 left, DoubleLanes256 right) => new(left.lanes * right.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleLanes256 operator /(DoubleLanes256 left, DoubleLanes256 right) => new(left.lanes / right.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleLanes256 Of(double number) => new(Vector256.Create(number));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleLanes256 Load(ref double row, nint place) => new(Vector256.LoadUnsafe(ref Unsafe.Add(ref row, place)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleLanes256 LoadSingles(ref float row, nint place)
    {
        Vector128<float> singles = Vector128.LoadUnsafe(ref Unsafe.Add(ref row, place));
        if (Avx.IsSupported) return new(Avx.ConvertToVector256Double(singles));
        (Vector128<double> lower, Vector128<double> upper) = Vector128.Widen(singles);
        return new(Vector256.Create(lower, upper));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleLanes256 Gather(ref double row, ref int places) => new(Vector256.Create(
        Unsafe.Add(ref row, places),
        Unsafe.Add(ref row, Unsafe.Add(ref places, 1)),
        Unsafe.Add(ref row, Unsafe.Add(ref places, 2)),
        Unsafe.Add(ref row, Unsafe.Add(ref places, 3))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref double row, nint place) => lanes.StoreUnsafe(ref Unsafe.Add(ref row, place));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleLanes256 MultiplyAdd(DoubleLanes256 left, DoubleLanes256 right, DoubleLanes256 more) =>
        new(Vector256.FusedMultiplyAdd(left.lanes, right.lanes, more.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleLanes256 Max(DoubleLanes256 left, DoubleLanes256 right) => new(Vector256.MaxNative(left.lanes, right.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleLanes256 Min(DoubleLanes256 left, DoubleLanes256 right) => new(Vector256.MinNative(left.lanes, right.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleLanes256 MaxOrNaN(DoubleLanes256 left, DoubleLanes256 right) => new(Vector256.Max(left.lanes, right.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleLanes256 Round(DoubleLanes256 numbers) => new(Vector256.Round(numbers.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleLanes256 Log(DoubleLanes256 numbers) => new(Vector256.Log(numbers.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleLanes256 Scale(DoubleLanes256 x, DoubleLanes256 d)
    {
        Vector256<double> whole = Vector256.MaxNative(d.lanes, Vector256.Create(-1023.0)) + Vector256.Create(MostSignificant + 1023);
        Vector256<double> power = Vector256.ShiftLeft(whole.AsInt64(), 52).AsDouble();
        return new(x.lanes * Vector256.ConditionalSelect(Vector256.Equals(d.lanes, d.lanes), power, d.lanes)); // NaN stays NaN
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (DoubleLanes256 Mantissa, DoubleLanes256 Exponent) Split(DoubleLanes256 numbers)
    {
        Vector256<double> x = numbers.lanes;
        Vector256<long> bits = x.AsInt64();
        Vector256<double> biased = (Vector256.ShiftRightLogical(bits, 52) | Vector256.Create(MostSignificant).AsInt64()).AsDouble();
        Vector256<double> exponent = biased - Vector256.Create(MostSignificant + 1023) + (x - x); // NaN if x is NaN or infinite
        Vector256<double> mantissa = ((bits & Vector256.Create(0x000FFFFFFFFFFFFFL)) | Vector256<double>.One.AsInt64()).AsDouble();
        Vector256<double> isZero = Vector256.Equals(x, Vector256<double>.Zero);
        return (new(mantissa), new(Vector256.ConditionalSelect(isZero, Vector256.Create(double.NegativeInfinity), exponent)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleLanes256 WhereEqual(DoubleLanes256 left, DoubleLanes256 right, DoubleLanes256 equal, DoubleLanes256 other) =>
        new(Vector256.ConditionalSelect(Vector256.Equals(left.lanes, right.lanes), equal.lanes, other.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreWithin(DoubleLanes256 numbers, double limit) => Vector256.EqualsAll(
        (Vector256.LessThan(Vector256.Abs(numbers.lanes), Vector256.Create(limit))
            | Vector256.Equals(numbers.lanes, Vector256.Create(double.NegativeInfinity))).AsInt64(),
        Vector256<long>.AllBitsSet);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sum(DoubleLanes256 numbers) => Vector256.Sum(numbers.lanes);

    public static double Largest(DoubleLanes256 numbers)
    {
        double largest = numbers.lanes[0];
        for (int lane = 1; lane < Count; lane++) largest = Math.Max(largest, numbers.lanes[lane]);
        return largest;
    }
}
