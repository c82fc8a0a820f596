namespace Ctc.Experiments.Data.Audio;

/// <summary>Sound of one channel, read from its start to its end, so that a recording of hours need not be in memory.</summary>
internal abstract class SampleReader : IDisposable
{
    /// <summary>Gets the number of all samples.</summary>
    public abstract long Length { get; }

    /// <summary>Reads the next samples.</summary>
    /// <param name="room">Is filled, except at the end.</param>
    /// <returns>The number of samples, from −1 to 1, all finite; 0 after the last.</returns>
    /// <exception cref="InvalidDataException">The sound is not valid.</exception>
    public abstract int Read(Span<float> room);

    /// <summary>Reads all that is left.</summary>
    public float[] ReadToEnd()
    {
        float[] samples = new float[Length];
        int count = Read(samples);
        return count == samples.Length ? samples : samples[..count];
    }

    /// <inheritdoc/>
    public abstract void Dispose();
}

/// <summary>Samples in memory.</summary>
/// <param name="samples">From −1 to 1, all finite.</param>
internal sealed class ArrayReader(float[] samples) : SampleReader
{
    private int next;

    /// <inheritdoc/>
    public override long Length => samples.Length;

    /// <inheritdoc/>
    public override int Read(Span<float> room)
    {
        int count = Math.Min(room.Length, samples.Length - next);
        samples.AsSpan(next, count).CopyTo(room);
        next += count;
        return count;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
    }
}
