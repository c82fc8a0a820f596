using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ctc.Engine.Alignment.Fused;

/// <summary>
/// The numbers of a contiguous tensor on the CPU, in place. Unlike a span it may be longer than 2³¹ bytes and may be shared with other threads; indices
/// are not checked. Whoever holds it keeps the tensor alive.
/// </summary>
internal readonly unsafe struct TensorMemory<T>
    where T : unmanaged
{
    private readonly T* first;

    /// <param name="tensor">Contiguous, on the CPU, of the type <typeparamref name="T"/>.</param>
    public TensorMemory(Tensor tensor)
    {
        if (tensor.numel() == 0) return;
        using Tensor flat = tensor.view(-1);
        using Tensor one = flat.narrow(0, 0, 1);
        first = (T*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(one.bytes));
    }

    /// <summary>The number at a place.</summary>
    public ref T this[long index] => ref first[index];

    /// <summary>A piece.</summary>
    public Span<T> Slice(long start, int length) => new(first + start, length);
}
