using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Ctc.Engine.Recursions.Fused.Numbers;

/// <summary>Doubles in 512 bits.</summary>
internal readonly struct DoubleLanes512(Vector512<double> lanes) : IDoubleLanes<DoubleLanes512>
{
    private readonly Vector512<double> lanes = lanes;

    public static int Count => Vector512<double>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleLanes512 operator +(DoubleLanes512 left, DoubleLanes512 right) => new(left.lanes + right.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleLanes512 operator -(DoubleLanes512 left, DoubleLanes512 right) => new(left.lanes - right.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleLanes512 operator *(DoubleLanes512 left, DoubleLanes512 right) => new(left.lanes * right.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleLanes512 operator /(DoubleLanes512 left, DoubleLanes512 right) => new(left.lanes / right.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleLanes512 Of(double number) => new(Vector512.Create(number));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleLanes512 Load(ref double row, nint place) => new(Vector512.LoadUnsafe(ref Unsafe.Add(ref row, place)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleLanes512 LoadSingles(ref float row, nint place) =>
        new(Avx512F.ConvertToVector512Double(Vector256.LoadUnsafe(ref Unsafe.Add(ref row, place))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleLanes512 Gather(ref double row, ref int places) => new(Vector512.Create(
        Unsafe.Add(ref row, places),
        Unsafe.Add(ref row, Unsafe.Add(ref places, 1)),
        Unsafe.Add(ref row, Unsafe.Add(ref places, 2)),
        Unsafe.Add(ref row, Unsafe.Add(ref places, 3)),
        Unsafe.Add(ref row, Unsafe.Add(ref places, 4)),
        Unsafe.Add(ref row, Unsafe.Add(ref places, 5)),
        Unsafe.Add(ref row, Unsafe.Add(ref places, 6)),
        Unsafe.Add(ref row, Unsafe.Add(ref places, 7))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref double row, nint place) => lanes.StoreUnsafe(ref Unsafe.Add(ref row, place));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleLanes512 MultiplyAdd(DoubleLanes512 left, DoubleLanes512 right, DoubleLanes512 more) =>
        new(Vector512.FusedMultiplyAdd(left.lanes, right.lanes, more.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleLanes512 Max(DoubleLanes512 left, DoubleLanes512 right) => new(Vector512.MaxNative(left.lanes, right.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleLanes512 Min(DoubleLanes512 left, DoubleLanes512 right) => new(Vector512.MinNative(left.lanes, right.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleLanes512 MaxOrNaN(DoubleLanes512 left, DoubleLanes512 right) => new(Vector512.Max(left.lanes, right.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleLanes512 Round(DoubleLanes512 numbers) => new(Vector512.Round(numbers.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleLanes512 Log(DoubleLanes512 numbers) => new(Vector512.Log(numbers.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleLanes512 Scale(DoubleLanes512 x, DoubleLanes512 d) => new(Avx512F.Scale(x.lanes, d.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (DoubleLanes512 Mantissa, DoubleLanes512 Exponent) Split(DoubleLanes512 numbers) =>
        (new(Avx512F.GetMantissa(numbers.lanes, 0)), new(Avx512F.GetExponent(numbers.lanes)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleLanes512 WhereEqual(DoubleLanes512 left, DoubleLanes512 right, DoubleLanes512 equal, DoubleLanes512 other) =>
        new(Vector512.ConditionalSelect(Vector512.Equals(left.lanes, right.lanes), equal.lanes, other.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreWithin(DoubleLanes512 numbers, double limit) => Vector512.EqualsAll(
        (Vector512.LessThan(Vector512.Abs(numbers.lanes), Vector512.Create(limit))
            | Vector512.Equals(numbers.lanes, Vector512.Create(double.NegativeInfinity))).AsInt64(),
        Vector512<long>.AllBitsSet);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sum(DoubleLanes512 numbers) => Vector512.Sum(numbers.lanes);

    public static double Largest(DoubleLanes512 numbers)
    {
        double largest = numbers.lanes[0];
        for (int lane = 1; lane < Count; lane++) largest = Math.Max(largest, numbers.lanes[lane]);
        return largest;
    }
}
