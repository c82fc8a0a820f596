using Ctc.Experiments.Data.Audio;

namespace Ctc.Experiments.Data.Speech;

/// <summary>The samples under the windows of frames, a block of frames at a time. Before the first and behind the last there are zeros.</summary>
internal sealed class SoundWindows
{
    private readonly SampleReader sound;
    private readonly float[] block;
    private readonly int overlap; // of a block and the next; below 0 there are samples between them
    private int held; // samples at the start of the next block that are there already

    /// <param name="sound">Is read once, to its end.</param>
    /// <param name="size">The samples of a window. Frame t is in its middle.</param>
    /// <param name="hop">The samples from one frame to the next.</param>
    /// <param name="frames">The frames of a block.</param>
    public SoundWindows(SampleReader sound, int size, int hop, int frames)
    {
        (this.sound, overlap) = (sound, size - hop);
        block = new float[(int)Math.Min(((frames - 1L) * hop) + size, sound.Length + (2L * size))];
        int lead = (size - hop) / 2;
        held = Math.Max(lead, 0);
        Skip(-lead);
    }

    /// <summary>Reads the block, after <see cref="Advance"/> the next one.</summary>
    /// <returns>(frames − 1) · hop + size samples, or those of all frames that are left. The same array at each call.</returns>
    public float[] Read()
    {
        int read = held + sound.Read(block.AsSpan(held));
        block.AsSpan(read).Clear();
        return block;
    }

    /// <summary>Goes on to the block after the last one that was read.</summary>
    public void Advance()
    {
        held = Math.Max(overlap, 0);
        block.AsSpan(block.Length - held).CopyTo(block);
        Skip(-overlap);
    }

    private void Skip(int count)
    {
        if (count > 0) sound.Read(new float[count]);
    }
}
