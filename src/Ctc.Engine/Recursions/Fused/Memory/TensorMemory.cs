using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Ctc.Engine.Outputs;

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

    /// <summary>Loads eight numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<double> Eight(long index)
    {
        if (typeof(T) == typeof(double)) return Vector512.Load((double*)(first + index));
        Vector256<float> singles = Vector256.Load((float*)(first + index));
        if (Avx512F.IsSupported) return Avx512F.ConvertToVector512Double(singles);
        (Vector256<double> lower, Vector256<double> upper) = Vector256.Widen(singles);
        return Vector512.Create(lower, upper);
    }

    /// <summary>Prefetches the number at an index, which may be outside the tensor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(long index)
    {
        if (Sse.IsSupported) Sse.Prefetch0(first + index);
    }

    /// <summary>Returns some numbers.</summary>
    public Span<T> Slice(long start, int length) => new(first + start, length);
}
