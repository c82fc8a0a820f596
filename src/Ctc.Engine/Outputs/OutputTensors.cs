using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ctc.Engine.Outputs;

/// <summary>Tensors of results on the CPU. The memory of large ones is that of <see cref="Pool"/>, to which the last handle returns it.</summary>
/// <remarks>
/// The entry point of TorchSharp's native library is that of <c>torch.tensor</c>: libtorch's <c>from_blob</c> with a function that is called when the
/// storage is freed, on whatever thread that is. Without it tensors are ordinary ones.
/// </remarks>
internal static unsafe class OutputTensors
{
    /// <summary>The bytes from which a tensor is a large one. The C library keeps smaller blocks itself.</summary>
    internal const long LargeFrom = 1 << 20;

    private const long KeptPart = 8; // at most an eighth of the machine's memory is kept unused

    private static readonly delegate* unmanaged<nint, delegate* unmanaged<nint, void>, long*, int, sbyte, sbyte, int, int, byte, nint> FromMemory =
        Find();

    /// <summary>Gets the memory of large tensors.</summary>
    public static BlockPool Pool { get; } = new(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / KeptPart, TimeSpan.FromSeconds(30));

    /// <summary>Creates a tensor of undefined contents.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="type">float32 or float64.</param>
    /// <returns>A contiguous tensor on the CPU, in the current dispose scope.</returns>
    public static Tensor Create(long[] shape, torch.ScalarType type)
    {
        long bytes = shape.Aggregate(type == torch.float64 ? (long)sizeof(double) : sizeof(float), (product, size) => checked(product * size));
        return bytes >= LargeFrom && FromMemory != null ? CreatePooled(shape, type, bytes) : CreateOrdinary(shape, type, bytes);
    }

    /// <summary>Creates a tensor of zeros.</summary>
    /// <inheritdoc cref="Create"/>
    public static Tensor CreateZeros(long[] shape, torch.ScalarType type) => Create(shape, type).zero_();

    /// <summary>Creates a tensor in the memory of libtorch.</summary>
    /// <inheritdoc cref="Create"/>
    /// <param name="shape">The shape.</param>
    /// <param name="type">float32 or float64.</param>
    /// <param name="bytes">The size.</param>
    internal static Tensor CreateOrdinary(long[] shape, torch.ScalarType type, long bytes)
    {
        Tensor tensor = torch.empty(shape, type);
        if (bytes >= LargeFrom) LargePages.Request(Start(tensor), bytes);
        return tensor;
    }

    /// <summary>Returns the address of the first number of a contiguous tensor on the CPU that is not empty.</summary>
    internal static nint Start(Tensor tensor)
    {
        using Tensor flat = tensor.detach().view(-1);
        using Tensor one = flat.narrow(0, 0, 1);
        return (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(one.bytes));
    }

    private static Tensor CreatePooled(long[] shape, torch.ScalarType type, long bytes)
    {
        nint start = Pool.Rent(bytes), handle;
        fixed (long* sizes = shape)
        {
            handle = FromMemory(start, &Return, sizes, shape.Length, (sbyte)type, (sbyte)type, (int)DeviceType.CPU, 0, 0);
        }

        if (handle != 0) return Tensor.UnsafeCreateTensor(handle);
        Pool.Return(start);
        return CreateOrdinary(shape, type, bytes);
    }

    // Called by libtorch, on any thread: it must not throw.
    [UnmanagedCallersOnly]
    private static void Return(nint start) => Pool.Return(start);

    private static delegate* unmanaged<nint, delegate* unmanaged<nint, void>, long*, int, sbyte, sbyte, int, int, byte, nint> Find() =>
        NativeLibrary.TryLoad("LibTorchSharp", typeof(torch).Assembly, null, out nint library)
        && NativeLibrary.TryGetExport(library, "THSTensor_new", out nint entry)
            ? (delegate* unmanaged<nint, delegate* unmanaged<nint, void>, long*, int, sbyte, sbyte, int, int, byte, nint>)entry
            : null;
}
