using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Ctc.Engine.Alignment.Fused;

/// <summary>What a softmax makes of one row of logits, a vector at a time.</summary>
internal static class SoftmaxRow
{
    /// <summary>ln Σ exp.</summary>
    /// <param name="row">V logits.</param>
    /// <returns>
    /// Summed in double precision. −∞ where all are −∞, NaN where one is NaN or +∞: as in a log-softmax, whatever is made of it is NaN.
    /// </returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double LogSum<T>(ReadOnlySpan<T> row)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int count = Vector512<T>.Count, whole = row.Length - (row.Length % count);
        ref T first = ref MemoryMarshal.GetReference(row);
        Vector512<T> rest = Rest(row[whole..]), most = rest;
        for (nint i = 0; i < whole; i += count) most = Vector512.MaxNative(most, Vector512.LoadUnsafe(ref Unsafe.Add(ref first, i)));
        T largest = T.NegativeInfinity;
        for (int lane = 0; lane < count; lane++) largest = T.Max(largest, most[lane]);
        if (T.IsNegativeInfinity(largest)) return double.NegativeInfinity;

        Vector512<T> shift = Vector512.Create(largest);
        Vector512<double> sum = InDouble(Exp(rest - shift));
        for (nint i = 0; i < whole; i += count) sum += InDouble(Exp(Vector512.LoadUnsafe(ref Unsafe.Add(ref first, i)) - shift));
        return double.CreateTruncating(largest) + Math.Log(Vector512.Sum(sum));
    }

    /// <summary>Writes factor·exp(logit − logSum).</summary>
    /// <param name="row">V logits.</param>
    /// <param name="logSum">Of the row. It is taken off in two steps, so that float32 does not round it.</param>
    /// <param name="factor">Of the whole row.</param>
    /// <param name="to">Room for V numbers.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Write<T>(ReadOnlySpan<T> row, double logSum, T factor, Span<T> to)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int count = Vector512<T>.Count, whole = row.Length - (row.Length % count);
        ref T first = ref MemoryMarshal.GetReference(row), firstTo = ref MemoryMarshal.GetReference(to);
        T rounded = T.CreateTruncating(logSum);
        Vector512<T> high = Vector512.Create(rounded), low = Vector512.Create(T.CreateTruncating(logSum - double.CreateTruncating(rounded)));
        for (nint i = 0; i < whole; i += count)
        {
            (Exp(Vector512.LoadUnsafe(ref Unsafe.Add(ref first, i)) - high - low) * factor).StoreUnsafe(ref Unsafe.Add(ref firstTo, i));
        }

        Vector512<T> rest = Exp(Rest(row[whole..]) - high - low) * factor;
        for (int i = whole; i < row.Length; i++) to[i] = rest[i - whole];
    }

    // What is left of a row behind the last whole vector.
    private static Vector512<T> Rest<T>(ReadOnlySpan<T> row)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Vector512<T> rest = Vector512.Create(T.NegativeInfinity);
        for (int i = 0; i < row.Length; i++) rest = rest.WithElement(i, row[i]);
        return rest;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Exp<T>(Vector512<T> x) =>
        typeof(T) == typeof(float) ? SingleExp.Of(x.As<T, float>()).As<float, T>() : Vector512.Exp(x.As<T, double>()).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> InDouble<T>(Vector512<T> x)
    {
        if (typeof(T) == typeof(double)) return x.As<T, double>();
        (Vector512<double> lower, Vector512<double> upper) = Vector512.Widen(x.As<T, float>());
        return lower + upper;
    }
}
