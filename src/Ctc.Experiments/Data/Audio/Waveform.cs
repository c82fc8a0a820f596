namespace Ctc.Experiments.Data.Audio;

/// <summary>Sound of one channel.</summary>
/// <param name="samples">From −1 to 1, all finite.</param>
/// <param name="rate">Samples a second.</param>
internal sealed class Waveform(float[] samples, int rate)
{
    /// <summary>Gets the samples, from −1 to 1, all finite.</summary>
    public float[] Samples { get; } = samples;

    /// <summary>Gets the samples a second.</summary>
    public int Rate { get; } = rate;

    /// <summary>The same sound at a rate.</summary>
    /// <param name="rate">In Hz. At the own rate the samples are the same.</param>
    public SampleReader At(int rate)
    {
        var own = new ArrayReader(Samples);
        return rate == Rate ? own : new ResamplingReader(own, Rate, rate);
    }
}
