using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Ctc.Engine.Recursions.Fused.Numbers;

/// <summary>Log-sum-exp and softmax of one row of logits, a vector at a time.</summary>
internal static class SoftmaxRow
{
    /// <summary>Computes ln Σ exp.</summary>
    /// <param name="row">V logits.</param>
    /// <returns>
    /// Summed in double precision. −∞ if all are −∞, NaN if one is NaN or +∞: then the log-softmax is NaN.
    /// </returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double LogSum<T>(ReadOnlySpan<T> row)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (row.Length < Vector512<T>.Count) return LogSum<T>(Padded(row, stackalloc T[Vector512<T>.Count]));
        ref T first = ref MemoryMarshal.GetReference(row);
        nint last = row.Length - Vector512<T>.Count, i = 0; // the last vector overlaps the one before it
        Vector512<T> most = Load(ref first, last);
        for (; i < last; i += Vector512<T>.Count) most = Vector512.MaxNative(most, Load(ref first, i));
        T largest = Largest(most);
        if (T.IsNegativeInfinity(largest)) return double.NegativeInfinity;

        Vector512<T> shift = Vector512.Create(largest), nothing = Vector512.Create(T.NegativeInfinity);
        Vector512<double> sum = Vector512<double>.Zero;
        for (i = 0; i < last; i += Vector512<T>.Count) sum += InDouble(Exp(Load(ref first, i) - shift));
        Vector512<T> isNew = Vector512.GreaterThanOrEqual(Vector512<T>.Indices, Vector512.Create(T.CreateTruncating(i - last)));
        sum += InDouble(Exp(Vector512.ConditionalSelect(isNew, Load(ref first, last), nothing) - shift));
        return double.CreateTruncating(largest) + Math.Log(Vector512.Sum(sum));
    }

    /// <summary>Writes factor·exp(logit − logSum).</summary>
    /// <param name="row">V logits.</param>
    /// <param name="logSum">Of the row. It is subtracted in two steps, so that it is not rounded to float32.</param>
    /// <param name="factor">Of the whole row.</param>
    /// <param name="to">Receives V numbers.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Write<T>(ReadOnlySpan<T> row, double logSum, T factor, Span<T> to)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (row.Length < Vector512<T>.Count)
        {
            Span<T> padded = Padded(row, stackalloc T[Vector512<T>.Count]);
            Write(padded, logSum, factor, padded);
            padded[..row.Length].CopyTo(to);
            return;
        }

        ref T first = ref MemoryMarshal.GetReference(row), firstTo = ref MemoryMarshal.GetReference(to);
        T rounded = T.CreateTruncating(logSum);
        Vector512<T> high = Vector512.Create(rounded), low = Vector512.Create(T.CreateTruncating(logSum - double.CreateTruncating(rounded)));
        nint last = row.Length - Vector512<T>.Count;
        for (nint i = 0; i < last; i += Vector512<T>.Count)
        {
            (Exp(Load(ref first, i) - high - low) * factor).StoreUnsafe(ref Unsafe.Add(ref firstTo, i));
        }

        (Exp(Load(ref first, last) - high - low) * factor).StoreUnsafe(ref Unsafe.Add(ref firstTo, last));
    }

    /// <summary>Writes logit − logSum.</summary>
    /// <param name="row">V logits.</param>
    /// <param name="logSum">Of the row. It is subtracted in two steps, so that it is not rounded to float32.</param>
    /// <param name="to">Receives V numbers.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void WriteLogs<T>(ReadOnlySpan<T> row, double logSum, Span<T> to)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ref T first = ref MemoryMarshal.GetReference(row), firstTo = ref MemoryMarshal.GetReference(to);
        T high = T.CreateTruncating(logSum), low = T.CreateTruncating(logSum - double.CreateTruncating(high));
        nint i = 0;
        for (; i + Vector512<T>.Count <= row.Length; i += Vector512<T>.Count)
        {
            (Load(ref first, i) - Vector512.Create(high) - Vector512.Create(low)).StoreUnsafe(ref Unsafe.Add(ref firstTo, i));
        }

        for (; i < row.Length; i++) Unsafe.Add(ref firstTo, i) = Unsafe.Add(ref first, i) - high - low;
    }

    /// <summary>Adds numbers to a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add<T>(ReadOnlySpan<T> numbers, Span<T> to)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ref T first = ref MemoryMarshal.GetReference(numbers), firstTo = ref MemoryMarshal.GetReference(to);
        nint i = 0;
        for (; i + Vector512<T>.Count <= numbers.Length; i += Vector512<T>.Count)
        {
            (Load(ref firstTo, i) + Load(ref first, i)).StoreUnsafe(ref Unsafe.Add(ref firstTo, i));
        }

        for (; i < numbers.Length; i++) Unsafe.Add(ref firstTo, i) += Unsafe.Add(ref first, i);
    }

    /// <summary>Computes the sum of numbers in double precision. Zeros behind them change no bit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Sum<T>(ReadOnlySpan<T> numbers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<T> last = stackalloc T[Vector512<T>.Count];
        last.Clear();
        int wholes = numbers.Length & -Vector512<T>.Count;
        numbers[wholes..].CopyTo(last);
        ref T first = ref MemoryMarshal.GetReference(numbers);
        Vector512<double> sum = Vector512<double>.Zero;
        for (nint i = 0; i < wholes; i += Vector512<T>.Count) sum += InDouble(Load(ref first, i));
        return Vector512.Sum(sum + InDouble(Load(ref MemoryMarshal.GetReference(last), 0)));
    }

    // A row of one vector, for V less than that.
    private static Span<T> Padded<T>(ReadOnlySpan<T> row, Span<T> room)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        room.Fill(T.NegativeInfinity);
        row.CopyTo(room);
        return room;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Largest<T>(Vector512<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Vector256<T> half = Vector256.MaxNative(x.GetLower(), x.GetUpper());
        Vector128<T> quarter = Vector128.MaxNative(half.GetLower(), half.GetUpper());
        T largest = quarter[0];
        for (int lane = 1; lane < Vector128<T>.Count; lane++) largest = T.MaxNative(largest, quarter[lane]);
        return largest;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Load<T>(ref T first, nint i) => Vector512.LoadUnsafe(ref Unsafe.Add(ref first, i));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Exp<T>(Vector512<T> x) =>
        typeof(T) == typeof(float) ? SingleExp.Exp(x.As<T, float>()).As<float, T>() : Vector512.Exp(x.As<T, double>()).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> InDouble<T>(Vector512<T> x)
    {
        if (typeof(T) == typeof(double)) return x.As<T, double>();
        (Vector512<double> lower, Vector512<double> upper) = Vector512.Widen(x.As<T, float>());
        return lower + upper;
    }
}
