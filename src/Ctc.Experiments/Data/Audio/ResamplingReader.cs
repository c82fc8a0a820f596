using System.Numerics;

namespace Ctc.Experiments.Data.Audio;

/// <summary>Sound at another rate, by a band-limited filter, at exact times: sample n is at n / rate.</summary>
/// <remarks>
/// y(t) = Σ_i x_i · c sinc(c (t − i)) w(t − i), where c is the cutoff and w a Kaiser window (Smith, Digital Audio Resampling, 2002; Kaiser, 1974).
/// For rates with the ratio L/M there are L fractions of t, and as many filters. The sinc resampler of NAudio is as exact, and three to six times
/// slower; that of NWaves is late by a millisecond's fraction that depends on the rates.
/// </remarks>
internal sealed class ResamplingReader : SampleReader
{
    private const double Cutoff = 0.95; // of half the lower rate: the middle of the transition, which ends at that half
    private const int Crossings = 48; // zeros of the sinc on each side
    private const double Shape = 8; // of the window: the transition is 5 % wide on each side, and what is stopped is 80 dB lower
    private const int SamplesAtOnce = 1 << 16;

    private readonly SampleReader sound;
    private readonly int up, down, half;
    private readonly double cutoff;
    private readonly float[]?[] filters;
    private readonly float[] held; // samples of the sound from heldStart to heldEnd
    private long heldStart, heldEnd, next;

    /// <param name="sound">Is disposed with this.</param>
    /// <param name="from">Its rate in Hz.</param>
    /// <param name="to">The new rate.</param>
    public ResamplingReader(SampleReader sound, int from, int to)
    {
        this.sound = sound;
        int divisor = (int)BigInteger.GreatestCommonDivisor(from, to);
        (up, down) = (to / divisor, from / divisor);
        cutoff = Cutoff * Math.Min(1, (double)up / down);
        half = (int)Math.Ceiling(Crossings / cutoff);
        filters = new float[up][];
        held = new float[(2 * half) + SamplesAtOnce];
    }

    /// <summary>Gets ⌈samples of the sound · up / down⌉.</summary>
    public override long Length => ((sound.Length * up) + down - 1) / down;

    /// <inheritdoc/>
    public override int Read(Span<float> room)
    {
        int count = (int)Math.Min(room.Length, Length - next);
        for (int n = 0; n < count; n++, next++)
        {
            long position = next * down, first = (position / up) - half + 1;
            int fraction = (int)(position % up);
            float[] filter = filters[fraction] ??= Filter((double)fraction / up);
            Hold(first, Math.Min(first + filter.Length, sound.Length));
            int start = (int)Math.Max(0, -first), end = (int)Math.Min(filter.Length, sound.Length - first);
            room[n] = Dot(filter.AsSpan(start..end), held.AsSpan((int)(first + start - heldStart), end - start));
        }

        return count;
    }

    /// <inheritdoc/>
    public override void Dispose() => sound.Dispose();

    // Reads on until the samples before the end are held; those before the start are not needed any more.
    private void Hold(long start, long end)
    {
        if (end <= heldEnd) return;
        start = Math.Clamp(start, heldStart, heldEnd);
        held.AsSpan((int)(start - heldStart), (int)(heldEnd - start)).CopyTo(held);
        heldStart = start;
        heldEnd += sound.Read(held.AsSpan((int)(heldEnd - heldStart)));
    }

    // The weights of the samples from half − 1 before t to half after it; t is a fraction of a sample late.
    private float[] Filter(double fraction) => [.. Enumerable.Range(1 - half, 2 * half).Select(j =>
    {
        double distance = j - fraction, angle = Math.PI * cutoff * distance, edge = distance / half;
        double sinc = angle == 0 ? 1 : Math.Sin(angle) / angle;
        return (float)(cutoff * sinc * Bessel(Shape * Math.Sqrt(Math.Max(0, 1 - (edge * edge)))) / Bessel(Shape));
    })];

    private static float Dot(ReadOnlySpan<float> weights, ReadOnlySpan<float> samples)
    {
        Vector<float> sums = Vector<float>.Zero;
        int i = 0;
        for (; i <= weights.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            sums += new Vector<float>(weights[i..]) * new Vector<float>(samples[i..]);
        }

        float sum = Vector.Sum(sums);
        for (; i < weights.Length; i++) sum += weights[i] * samples[i];
        return sum;
    }

    // I_0, the modified Bessel function, by its power series.
    private static double Bessel(double x)
    {
        double sum = 1, term = 1;
        for (int k = 1; term > 1e-12 * sum; k++) sum += term *= x * x / (4.0 * k * k);
        return sum;
    }
}
