using System.Numerics;

namespace Ctc.Engine.Recursions.Fused.Memory;

/// <summary>
/// Which frames a pass holds in memory: all of them; or one block, and the last frame of each block before it, from which the backward pass computes
/// a block again.
/// </summary>
/// <remarks>
/// With blocks of √N frames, N frames need 2·√N rows and a second forward pass (A. Griewank, "Achieving logarithmic growth of temporal and spatial
/// complexity in reverse automatic differentiation", 1992, with one level). The numbers are the same to the last bit.
/// </remarks>
internal readonly struct FrameBlocks
{
    /// <summary>The memory of all frames, in bytes for each thread, beyond which a pass works in blocks: 256 MiB.</summary>
    public const long Limit = 256L << 20;

    /// <summary>The least length of a block: emissions are computed, and occupancies summed, of up to 16 frames of a block at once.</summary>
    public const int Shortest = 16;

    private readonly int mask, shift;

    private FrameBlocks(int rows, int checkpoints, int mask, int shift)
    {
        (Rows, Checkpoints) = (rows, checkpoints);
        (this.mask, this.shift) = (mask, shift);
    }

    /// <summary>Gets two frames by turns, for a forward pass alone.</summary>
    public static FrameBlocks Two => new(2, 0, 1, 31);

    /// <summary>Gets the shortest block, for what is computed of all its frames and not needed behind it.</summary>
    public static FrameBlocks Shortly => new(Shortest, 0, Shortest - 1, 31);

    /// <summary>Gets the number of frames that are held.</summary>
    public int Rows { get; }

    /// <summary>Gets the number of blocks whose last frame is held too: all blocks but the last.</summary>
    public int Checkpoints { get; }

    /// <summary>Returns the frames of a pass.</summary>
    /// <param name="frames">The number of frames of the longest utterance, N.</param>
    /// <param name="bytes">The memory of a frame of a block.</param>
    /// <param name="ofCheckpoint">That of the last frame of a block before.</param>
    /// <param name="limit">The memory of all frames beyond which there are blocks.</param>
    public static FrameBlocks For(int frames, double bytes, double ofCheckpoint, long limit = Limit)
    {
        if (frames <= Shortest || frames * bytes <= limit) return new(Math.Max(frames, 2), 0, int.MaxValue, 31);
        int length = Shortest;
        while ((double)length * length * bytes < frames * ofCheckpoint) length *= 2;
        return new(length, (frames - 1) / length, length - 1, BitOperations.Log2((uint)length));
    }

    /// <summary>Returns the row of a frame, of those that are held.</summary>
    public int Place(int frame) => frame & mask;

    /// <summary>Returns the block of a frame.</summary>
    public int Of(int frame) => frame >>> shift;

    /// <summary>Returns the first frame of a block.</summary>
    public int Start(int block) => block << shift;

    /// <summary>Returns whether a frame is the last of its block, and of each block that follows one is held.</summary>
    public bool Ends(int frame) => Checkpoints > 0 && Place(frame) == mask;
}
