namespace Ctc.Experiments.Data.Speech;

/// <summary>
/// Triangles over the frequencies of a Fourier transform. Their corners are equally far apart on a mel scale; each begins and ends at the peaks of
/// its neighbours.
/// </summary>
/// <remarks>
/// Scales: The HTK Book, 2006, equation 5.13; Slaney, Auditory Toolbox, 1998. As in the function melscale_fbanks of torchaudio, weights are sampled
/// at the frequencies of the transform.
/// </remarks>
internal sealed class MelBank
{
    // Slaney's scale: 200/3 Hz a mel up to 1000 Hz, and a factor of 6.4 in 27 mels above.
    private const double LinearHertz = 200.0 / 3, Knee = 1000, KneeMel = Knee / LinearHertz;
    private static readonly double LogStep = Math.Log(6.4) / 27;

    private readonly (int First, float[] Weights)[] bands;

    /// <param name="options">Rate, bands, frequencies and scale.</param>
    /// <param name="fourierSize">The samples of the transform.</param>
    public MelBank(LogMelOptions options, int fourierSize)
    {
        int bins = (fourierSize / 2) + 1;
        double low = ToMel(options.MinFrequency, options.MelScale), high = ToMel(options.MaxFrequency ?? options.Rate / 2.0, options.MelScale);
        double[] corners =
        [
            .. Enumerable.Range(0, options.Bands + 2).Select(i => ToHertz(low + ((high - low) * i / (options.Bands + 1)), options.MelScale)),
        ];
        bands = [.. Enumerable.Range(0, options.Bands).Select(band =>
        {
            (double left, double peak, double right) = (corners[band], corners[band + 1], corners[band + 2]);
            double height = options.MelScale == MelScale.Slaney ? 2 / (right - left) : 1;
            float[] weights = [.. Enumerable.Range(0, bins).Select(bin =>
            {
                double hertz = (double)bin * options.Rate / fourierSize;
                return (float)(height * Math.Max(0, Math.Min((hertz - left) / (peak - left), (right - hertz) / (right - peak))));
            })];
            int first = Math.Max(0, Array.FindIndex(weights, weight => weight > 0));
            return (first, weights[first..(Array.FindLastIndex(weights, weight => weight > 0) + 1)]);
        })];
    }

    /// <summary>Sums power under each triangle.</summary>
    /// <param name="power">The power at each frequency of the transform.</param>
    /// <param name="sums">Room for a number a band.</param>
    public void Sum(ReadOnlySpan<float> power, Span<float> sums)
    {
        for (int band = 0; band < bands.Length; band++)
        {
            (int first, float[] weights) = bands[band];
            float sum = 0;
            for (int i = 0; i < weights.Length; i++) sum += weights[i] * power[first + i];
            sums[band] = sum;
        }
    }

    private static double ToMel(double hertz, MelScale scale) =>
        scale == MelScale.Htk ? 2595 * Math.Log10(1 + (hertz / 700))
        : hertz < Knee ? hertz / LinearHertz
        : KneeMel + (Math.Log(hertz / Knee) / LogStep);

    private static double ToHertz(double mel, MelScale scale) =>
        scale == MelScale.Htk ? 700 * (Math.Pow(10, mel / 2595) - 1)
        : mel < KneeMel ? mel * LinearHertz
        : Knee * Math.Exp((mel - KneeMel) * LogStep);
}
