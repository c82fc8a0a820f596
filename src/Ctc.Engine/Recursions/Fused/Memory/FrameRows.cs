using System.Buffers;
using System.Runtime.CompilerServices;

namespace Ctc.Engine.Recursions.Fused.Memory;

/// <summary>A row of numbers for each frame that a pass holds.</summary>
/// <typeparam name="T">The type of the numbers.</typeparam>
/// <param name="blocks">The frames.</param>
/// <param name="length">The length of a row.</param>
internal sealed class FrameRows<T>(FrameBlocks blocks, int length) : IDisposable
{
    private readonly T[] rows = ArrayPool<T>.Shared.Rent(checked(blocks.Rows * length));
    private readonly T[] checkpoints = ArrayPool<T>.Shared.Rent(checked(blocks.Checkpoints * length));

    /// <summary>Returns a number of the row of a frame.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref T At(int frame, int index) => ref rows[(blocks.Place(frame) * length) + index];

    /// <summary>Returns a part of the row of a frame.</summary>
    public Span<T> Slice(int frame, int start, int count) => rows.AsSpan((blocks.Place(frame) * length) + start, count);

    /// <summary>Clears the rows of so many frames, or of all that are held.</summary>
    public void Clear(int frames) => Array.Clear(rows, 0, Math.Min(frames, blocks.Rows) * length);

    /// <summary>Copies the row of a frame, the last of its block, to stay.</summary>
    public void Keep(int frame) => Slice(frame, 0, length).CopyTo(Checkpoint(frame));

    /// <summary>Copies the row of such a frame back.</summary>
    public void Restore(int frame) => Checkpoint(frame).CopyTo(Slice(frame, 0, length));

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<T>.Shared.Return(rows);
        ArrayPool<T>.Shared.Return(checkpoints);
    }

    private Span<T> Checkpoint(int frame) => checkpoints.AsSpan(blocks.Of(frame) * length, length);
}
