using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ctc.Engine.Recursions.Fused.Memory;

/// <summary>A rented array of doubles, aligned to cache lines of eight. Its initial contents are undefined.</summary>
internal sealed class AlignedNumbers : IDisposable
{
    private const int Line = 64;

    private readonly double[] numbers;
    private readonly int start;

    /// <param name="count">The capacity.</param>
    public AlignedNumbers(int count)
    {
        numbers = ArrayPool<double>.Shared.Rent(checked(count + (Line / sizeof(double))));
        start = Lead(ref MemoryMarshal.GetArrayDataReference(numbers));
    }

    /// <summary>Returns the number at an index.</summary>
    public ref double this[int place] => ref numbers[start + place];

    /// <summary>Returns some numbers.</summary>
    public Span<double> Slice(int place, int count) => numbers.AsSpan(start + place, count);

    /// <inheritdoc/>
    public void Dispose() => ArrayPool<double>.Shared.Return(numbers);

    // If the garbage collector moves the array, the alignment is lost, which costs time only.
    private static unsafe int Lead(ref double first) => (int)((Line - ((nuint)Unsafe.AsPointer(ref first) % Line)) % Line / sizeof(double));
}
