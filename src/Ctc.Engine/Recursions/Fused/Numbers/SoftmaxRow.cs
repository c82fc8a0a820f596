using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Ctc.Engine.Recursions.Fused.Numbers;

/// <summary>Log-sum-exp and softmax of one row of logits, a vector at a time.</summary>
/// <remarks>While exp is computed, the row behind it in memory is prefetched: usually it is the next one.</remarks>
internal static unsafe class SoftmaxRow
{
    /// <summary>Computes ln Σ exp.</summary>
    /// <param name="row">V logits.</param>
    /// <returns>
    /// Summed in double precision. −∞ if all are −∞, NaN if one is NaN or +∞: then the log-softmax is NaN.
    /// </returns>
    [MethodImpl(InnerLoop.Compiled)]
    public static double LogSum<T>(ReadOnlySpan<T> row)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<T> room = stackalloc T[Vector512<T>.Count];
        scoped ReadOnlySpan<T> own = row.Length < Vector512<T>.Count ? Padded(row, room) : row;
        ref T first = ref MemoryMarshal.GetReference(own);
        nint end = own.Length - Vector512<T>.Count, i = 0;
        Vector512<T> most = Load(ref first, end); // overlaps the one before it
        for (; i < end; i += Vector512<T>.Count) most = Vector512.MaxNative(most, Load(ref first, i));
        T largest = Largest(most);
        if (T.IsNegativeInfinity(largest)) return double.NegativeInfinity;

        Vector512<T> shift = Vector512.Create(largest), zero = Vector512<T>.Zero;
        Vector512<double> sum = Vector512<double>.Zero;
        for (i = 0; i <= end; i += Vector512<T>.Count)
        {
            Prefetch(ref first, i + own.Length);
            sum += InDouble(Exp(Load(ref first, i) - shift, zero));
        }

        if (i < own.Length) sum += InDouble(Exp(Load(ref MemoryMarshal.GetReference(Padded(own[(int)i..], room)), 0) - shift, zero));
        return double.CreateTruncating(largest) + Math.Log(Vector512.Sum(sum));
    }

    /// <summary>Writes factor·exp(logit − logSum).</summary>
    /// <param name="row">V logits.</param>
    /// <param name="logSum">Of the row. It is subtracted in two steps, so that it is not rounded to float32.</param>
    /// <param name="factor">Of the whole row.</param>
    /// <param name="to">Receives V numbers; not those of the row, unless they are whole vectors.</param>
    public static void Write<T>(ReadOnlySpan<T> row, double logSum, T factor, Span<T> to)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Write<T, No, No>(row, logSum, factor, [], to);

    /// <summary>Writes more + factor·exp(logit − logSum).</summary>
    /// <param name="row">V logits.</param>
    /// <param name="logSum">Of the row, as of <see cref="Write{T}(ReadOnlySpan{T}, double, T, Span{T})"/>.</param>
    /// <param name="factor">Of the whole row.</param>
    /// <param name="more">V numbers.</param>
    /// <param name="to">Receives V numbers, in memory of their own.</param>
    /// <param name="streamed">Whether they are written past the caches; they are the same.</param>
    public static void Write<T>(ReadOnlySpan<T> row, double logSum, T factor, ReadOnlySpan<T> more, Span<T> to, bool streamed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (streamed) Write<T, Yes, Yes>(row, logSum, factor, more, to);
        else Write<T, Yes, No>(row, logSum, factor, more, to);
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

    [MethodImpl(InnerLoop.Compiled)]
    private static void Write<T, TMore, TStreamed>(ReadOnlySpan<T> row, double logSum, T factor, ReadOnlySpan<T> more, Span<T> to)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TMore : IChoice
        where TStreamed : IChoice
    {
        if (row.Length < Vector512<T>.Count)
        {
            Span<T> padded = Padded(row, stackalloc T[2 * Vector512<T>.Count]);
            Span<T> own = padded[..Vector512<T>.Count], added = padded[Vector512<T>.Count..];
            if (TMore.Chosen) more.CopyTo(added);
            Write<T, TMore, No>(own, logSum, factor, added, own);
            own[..row.Length].CopyTo(to);
            return;
        }

        ref T first = ref MemoryMarshal.GetReference(row), firstMore = ref MemoryMarshal.GetReference(more);
        T rounded = T.CreateTruncating(logSum), left = T.CreateTruncating(double.CreateTruncating(rounded) - logSum);
        Vector512<T> shift = Vector512.Create(rounded), rest = Vector512.Create(left * T.CreateTruncating(SingleExp.LogOfE));
        Vector512<T> factors = Vector512.Create(factor);
        nint last = row.Length - Vector512<T>.Count, i = 0;
        fixed (T* start = to)
        {
            if (TStreamed.Chosen)
            {
                // The first vector and the last one overlap their neighbours, between which all are aligned.
                Softmax<T, TMore>(ref first, ref firstMore, shift, rest, factors, 0).Store(start);
                i = (nint)(-(nint)start & (Vector256<byte>.Count - 1)) / sizeof(T);
            }

            for (; i < last; i += Vector512<T>.Count)
            {
                Prefetch(ref first, i + row.Length);
                Vector512<T> made = Softmax<T, TMore>(ref first, ref firstMore, shift, rest, factors, i);
                if (TStreamed.Chosen)
                {
                    made.GetLower().StoreAlignedNonTemporal(start + i);
                    made.GetUpper().StoreAlignedNonTemporal(start + i + Vector256<T>.Count);
                }
                else
                {
                    made.Store(start + i);
                }
            }

            Softmax<T, TMore>(ref first, ref firstMore, shift, rest, factors, last).Store(start + last);
        }

        if (TStreamed.Chosen && Sse.IsSupported) Sse.StoreFence();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Softmax<T, TMore>(
        ref T first, ref T firstMore, Vector512<T> shift, Vector512<T> rest, Vector512<T> factors, nint i)
        where TMore : IChoice
    {
        Vector512<T> softmax = Exp(Load(ref first, i) - shift, rest);
        if (!TMore.Chosen) return softmax * factors;
        return typeof(T) == typeof(float)
            ? Vector512.MultiplyAddEstimate(softmax.As<T, float>(), factors.As<T, float>(), Load(ref firstMore, i).As<T, float>()).As<float, T>()
            : (softmax * factors) + Load(ref firstMore, i);
    }

    // A row of one vector, for V less than that.
    private static Span<T> Padded<T>(ReadOnlySpan<T> row, Span<T> room)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < room.Length; i++) room[i] = i < row.Length ? row[i] : T.NegativeInfinity;
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

    // x + more: the second number in units of the base, see SingleExp; 0 for doubles.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Exp<T>(Vector512<T> x, Vector512<T> more) => typeof(T) == typeof(float)
        ? SingleExp.Exp(x.As<T, float>(), more.As<T, float>()).As<float, T>()
        : Vector512.Exp(x.As<T, double>()).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch<T>(ref T first, nint i)
        where T : unmanaged
    {
        if (Sse.IsSupported) Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.Add(ref first, i)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> InDouble<T>(Vector512<T> x)
    {
        if (typeof(T) == typeof(double)) return x.As<T, double>();
        (Vector512<double> lower, Vector512<double> upper) = Vector512.Widen(x.As<T, float>());
        return lower + upper;
    }
}
