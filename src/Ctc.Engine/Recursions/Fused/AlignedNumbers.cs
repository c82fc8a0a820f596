using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ctc.Engine.Recursions.Fused;

/// <summary>Rented room for numbers that begins where a line of the cache does, so that eight of them lie in one. It holds anything at first.</summary>
internal sealed class AlignedNumbers : IDisposable
{
    private const int Line = 64;

    private readonly double[] numbers;
    private readonly int start;

    /// <param name="count">How many there is room for.</param>
    public AlignedNumbers(int count)
    {
        numbers = ArrayPool<double>.Shared.Rent(checked(count + (Line / sizeof(double))));
        start = Lead(ref MemoryMarshal.GetArrayDataReference(numbers));
    }

    /// <summary>The number at a place.</summary>
    public ref double this[int place] => ref numbers[start + place];

    /// <summary>Numbers from a place on.</summary>
    public Span<double> Slice(int place, int count) => numbers.AsSpan(start + place, count);

    /// <inheritdoc/>
    public void Dispose() => ArrayPool<double>.Shared.Return(numbers);

    // Should the garbage collector move the array, it costs time and nothing else.
    private static unsafe int Lead(ref double first) => (int)((Line - ((nuint)Unsafe.AsPointer(ref first) % Line)) % Line / sizeof(double));
}
