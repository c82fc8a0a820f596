using System.Numerics;

namespace Ctc.Experiments.Data.Audio;

/// <summary>Changes the rate of sound by a band-limited filter, at exact times: sample n is at n / rate.</summary>
/// <remarks>
/// y(t) = Σ_i x_i · c sinc(c (t − i)) w(t − i), where c is the cutoff and w a Kaiser window (Smith, Digital Audio Resampling, 2002; Kaiser, 1974).
/// For rates with the ratio L/M there are L fractions of t, and as many filters. The sinc resampler of NAudio is as exact, and three to six times
/// slower; that of NWaves is late by a millisecond's fraction that depends on the rates.
/// </remarks>
internal static class Resampling
{
    private const double Cutoff = 0.95; // of half the lower rate: the middle of the transition, which ends at that half
    private const int Crossings = 48; // zeros of the sinc on each side
    private const double Shape = 8; // of the window: the transition is 5 % wide on each side, and what is stopped is 80 dB lower

    /// <summary>Changes the rate.</summary>
    /// <param name="sound">Sound of any rate.</param>
    /// <param name="rate">In Hz.</param>
    /// <returns>⌈samples · rate / its rate⌉ samples; those of the sound itself if the rate is its own.</returns>
    public static float[] Convert(Waveform sound, int rate)
    {
        if (sound.Rate == rate) return sound.Samples;
        int divisor = Divisor(sound.Rate, rate), up = rate / divisor, down = sound.Rate / divisor;
        double cutoff = Cutoff * Math.Min(1, (double)up / down);
        int half = (int)Math.Ceiling(Crossings / cutoff);
        float[]?[] filters = new float[up][];
        float[] samples = sound.Samples, converted = new float[(((long)samples.Length * up) + down - 1) / down];
        for (int n = 0; n < converted.Length; n++)
        {
            long position = (long)n * down;
            int before = (int)(position / up), fraction = (int)(position % up), first = before - half + 1;
            float[] filter = filters[fraction] ??= Filter(half, cutoff, (double)fraction / up);
            int start = Math.Max(0, -first), end = Math.Min(filter.Length, samples.Length - first);
            converted[n] = Dot(filter.AsSpan(start..end), samples.AsSpan(first + start, end - start));
        }

        return converted;
    }

    // The weights of the samples from half − 1 before t to half after it; t is a fraction of a sample late.
    private static float[] Filter(int half, double cutoff, double fraction) => [.. Enumerable.Range(1 - half, 2 * half).Select(j =>
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

    private static int Divisor(int one, int other) => other == 0 ? one : Divisor(other, one % other);
}
