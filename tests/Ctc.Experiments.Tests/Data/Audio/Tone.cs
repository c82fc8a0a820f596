namespace Ctc.Experiments.Tests.Data.Audio;

/// <summary>A sine of half the full amplitude.</summary>
internal static class Tone
{
    public static float[] Of(double hertz, int rate, int samples) =>
        [.. Enumerable.Range(0, samples).Select(i => (float)(0.5 * Math.Sin(2 * Math.PI * hertz * i / rate)))];
}
