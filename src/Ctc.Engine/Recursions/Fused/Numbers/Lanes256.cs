using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

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
    public static Lanes256 operator /(Lanes256 left, Lanes256 right) => new(left.lanes / right.lanes);

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
    public static Lanes256 Min(Lanes256 left, Lanes256 right) =>
        new(Vector256.MinNative(left.lanes, right.lanes));

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
    public static Lanes256 Scale(Lanes256 numbers, Lanes256 exponents) => new(numbers.Whole + Vector256.ShiftLeft(exponents.Whole, 23));

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
    public static Lanes256 WhereScores(Lanes256 marks, Lanes256 numbers) =>
        new(marks.lanes & Vector256.LessThan(numbers.lanes, Vector256.Create(float.PositiveInfinity)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreMarked(Lanes256 marks) => Vector256.EqualsAll(marks.Whole, Vector256<int>.AllBitsSet);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyBelow(Lanes256 numbers, float limit) => Vector256.LessThanAny(numbers.lanes, Vector256.Create(limit));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(Lanes256 numbers) =>
        Lanes128.Largest(Lanes128.Max(new(numbers.lanes.GetLower()), new(numbers.lanes.GetUpper())));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Smallest(Lanes256 numbers) =>
        Lanes128.Smallest(Lanes128.Min(new(numbers.lanes.GetLower()), new(numbers.lanes.GetUpper())));

    // Bits 3 and 4 of a place choose among the four registers of the table.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Pick(ref float table, Lanes256 places)
    {
        Vector256<int> at = places.Whole;
        Vector256<float> third = Vector256.ShiftLeft(at, 28).AsSingle(), fourth = Vector256.ShiftLeft(at, 27).AsSingle();
        Vector256<float> lower = Avx.BlendVariable(From(ref table, 0, at), From(ref table, 8, at), third);
        Vector256<float> upper = Avx.BlendVariable(From(ref table, 16, at), From(ref table, 24, at), third);
        return new(Avx.BlendVariable(lower, upper, fourth));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(ref float from, nint step, ref float to) => Transpose(ref from, step, ref to, Count);

    /// <inheritdoc cref="Transpose(ref float, nint, ref float)"/>
    /// <param name="from">The first number of the first row.</param>
    /// <param name="step">The distance of its rows.</param>
    /// <param name="to">The first number of the first row of the result.</param>
    /// <param name="stepTo">The distance of the rows of the result.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(ref float from, nint step, ref float to, nint stepTo)
    {
        (Vector256<float> a0, Vector256<float> a1, Vector256<float> a2, Vector256<float> a3) = Pairs(ref from, step);
        (Vector256<float> b0, Vector256<float> b1, Vector256<float> b2, Vector256<float> b3) = Pairs(ref Unsafe.Add(ref from, 4 * step), step);
        Halves(a0, b0, ref to, 4 * stepTo);
        Halves(a1, b1, ref Unsafe.Add(ref to, stepTo), 4 * stepTo);
        Halves(a2, b2, ref Unsafe.Add(ref to, 2 * stepTo), 4 * stepTo);
        Halves(a3, b3, ref Unsafe.Add(ref to, 3 * stepTo), 4 * stepTo);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> From(ref float table, nint start, Vector256<int> at) =>
        Avx2.PermuteVar8x32(Vector256.LoadUnsafe(ref Unsafe.Add(ref table, start)), at);

    // Transposes both squares of four rows and four columns.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<float> C0, Vector256<float> C1, Vector256<float> C2, Vector256<float> C3) Pairs(ref float from, nint step)
    {
        Vector256<float> r0 = Vector256.LoadUnsafe(ref from), r1 = Vector256.LoadUnsafe(ref Unsafe.Add(ref from, step));
        Vector256<float> r2 = Vector256.LoadUnsafe(ref Unsafe.Add(ref from, 2 * step)), r3 = Vector256.LoadUnsafe(ref Unsafe.Add(ref from, 3 * step));
        Vector256<float> low01 = Avx.UnpackLow(r0, r1), low23 = Avx.UnpackLow(r2, r3);
        Vector256<float> high01 = Avx.UnpackHigh(r0, r1), high23 = Avx.UnpackHigh(r2, r3);
        return (
            Avx.Shuffle(low01, low23, 0x44), Avx.Shuffle(low01, low23, 0xEE), Avx.Shuffle(high01, high23, 0x44), Avx.Shuffle(high01, high23, 0xEE));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Halves(Vector256<float> left, Vector256<float> right, ref float to, nint apart)
    {
        Avx.Permute2x128(left, right, 0x20).StoreUnsafe(ref to);
        Avx.Permute2x128(left, right, 0x31).StoreUnsafe(ref Unsafe.Add(ref to, apart));
    }
}
