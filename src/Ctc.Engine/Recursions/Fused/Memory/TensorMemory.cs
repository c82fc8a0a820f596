using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Ctc.Engine.Outputs;
using Ctc.Engine.Recursions.Fused.Numbers;

namespace Ctc.Engine.Recursions.Fused.Memory;

/// <summary>
/// The numbers of a contiguous tensor on the CPU, in place. Unlike a span it may be longer than 2³¹ bytes and may be shared with other threads.
/// Indices are not checked, and the tensor is not kept alive.
/// </summary>
/// <typeparam name="T">float or double, or long, for which there are no vectors.</typeparam>
internal readonly unsafe struct TensorMemory<T>
    where T : unmanaged
{
    private readonly T* first;

    /// <summary>Gets how many numbers are in a cache line.</summary>
    public static int CacheLine => 64 / sizeof(T);

    /// <param name="tensor">Contiguous, on the CPU, of the type <typeparamref name="T"/>.</param>
    public TensorMemory(Tensor tensor)
    {
        if (tensor.numel() == 0) return;
        first = (T*)OutputTensors.Start(tensor);
    }

    /// <summary>Returns the number at an index.</summary>
    public ref T this[long index] => ref first[index];

    /// <summary>Loads numbers as doubles.</summary>
    /// <typeparam name="TLanes">The vector.</typeparam>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Doubles<TLanes>(long index)
        where TLanes : struct, IDoubleLanes<TLanes> => typeof(T) == typeof(double)
            ? TLanes.Load(ref *(double*)(first + index), 0)
            : TLanes.LoadSingles(ref *(float*)(first + index), 0);

    /// <summary>Prefetches the number at an index, which may be outside the tensor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(long index)
    {
        if (Sse.IsSupported) Sse.Prefetch0(first + index);
    }

    /// <summary>Returns some numbers.</summary>
    public Span<T> Slice(long start, int length) => new(first + start, length);

    /// <summary>Returns whether so many numbers are written faster past the caches, which do not hold them: from 32 MiB on.</summary>
    /// <remarks>A cache line that is written in the usual way is read before. A row is then made in the cache, and streamed from there.</remarks>
    public static bool IsStreamed(long count) => count * sizeof(T) >= 32L << 20;

    /// <summary>Writes numbers past the caches.</summary>
    /// <param name="start">The index of the first.</param>
    /// <param name="numbers">The numbers.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Stream(long start, ReadOnlySpan<T> numbers)
    {
        T* to = first + start;
        int i = 0, aligned = (int)(-(nint)to & (Vector256<byte>.Count - 1)) / sizeof(T);
        for (; i < Math.Min(aligned, numbers.Length); i++) to[i] = numbers[i];
        ref T from = ref MemoryMarshal.GetReference(numbers);
        for (; i + Vector256<T>.Count <= numbers.Length; i += Vector256<T>.Count)
        {
            Vector256.LoadUnsafe(ref from, (nuint)i).StoreAlignedNonTemporal(to + i);
        }

        for (; i < numbers.Length; i++) to[i] = numbers[i];
        if (Sse.IsSupported) Sse.StoreFence();
    }
}
