using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using Ctc.Experiments.Data.Audio;

namespace Ctc.Experiments.Data.Speech;

/// <summary>
/// Log-mel features: <c>ln(floor + Σ_k W[m, k] |X[t, k]|²)</c>, where X[t] is the Fourier transform of the samples around (t + 1/2) · hop under a
/// Hann window, and W the triangles of <see cref="MelBank"/>.
/// </summary>
/// <remarks>
/// Frame t is the interval from t · hop to (t + 1) · hop, and its window is centred in it: (transform − hop) / 2 zeros precede the first sample.
/// N samples have ⌈N / hop⌉ frames. Of a transform and a hop whose difference is odd, the centre is half a sample late.
/// </remarks>
internal sealed class LogMel
{
    // Raised by hand when the same samples give other features: kept ones of earlier versions are then not found.
    private const int Version = 1;

    private const int FramesAtOnce = 4096; // 8 MB of spectra at the default size
    private const double SmallestDeviation = 1e-5;

    private readonly LogMelOptions options;
    private readonly MelBank bank;
    private readonly float[] window;
    private readonly int hop, size;

    public LogMel(LogMelOptions options)
    {
        this.options = options;
        hop = (int)Math.Round(options.Hop * options.Rate / 1000);
        size = options.FourierSize ?? (int)BitOperations.RoundUpToPowerOf2((uint)options.WindowSamples);
        bank = new MelBank(options, size);
        int length = options.WindowSamples;
        window = [.. Enumerable.Range(0, length).Select(i => (float)(0.5 - (0.5 * Math.Cos(2 * Math.PI * i / length))))];
    }

    /// <summary>Everything but the samples that the features depend on: versions, processor and options.</summary>
    public string Method => string.Create(
        CultureInfo.InvariantCulture,
        $"log-mel {Version}, libtorch {torch.__version__}, {RuntimeInformation.ProcessArchitecture}, {options.Rate} Hz, window {window.Length}, "
        + $"hop {hop}, transform {size}, {options.Bands} bands from {options.MinFrequency} to {options.MaxFrequency ?? options.Rate / 2.0} Hz, "
        + $"{options.MelScale}, floor {options.Floor}, {options.Scaling} {options.FeatureMean} {options.FeatureDeviation}");

    /// <summary>The number of frames of sound.</summary>
    /// <param name="samples">Its samples at the rate of the features.</param>
    public int Frames(long samples) => (int)((samples + hop - 1) / hop);

    /// <summary>Computes features, a block of frames at a time: besides them a few megabytes are needed, however long the sound is.</summary>
    /// <param name="sound">Sound at the rate of the features. It is read to its end.</param>
    /// <returns>Frames × bands numbers, frame by frame, scaled.</returns>
    /// <exception cref="InvalidDataException">The sound is not valid.</exception>
    public float[] Compute(SampleReader sound)
    {
        int frames = Frames(sound.Length), bins = (size / 2) + 1;
        float[] features = new float[frames * options.Bands], power = new float[bins];
        var windows = new SoundWindows(sound, size, hop, FramesAtOnce);
        for (int start = 0; start < frames; start += FramesAtOnce)
        {
            int count = Math.Min(FramesAtOnce, frames - start);
            if (start > 0) windows.Advance();
            using DisposeScope scope = torch.NewDisposeScope();
            ReadOnlySpan<float> spectra = MemoryMarshal.Cast<byte, float>(Spectra(windows.Read(), count).bytes); // real and imaginary parts in turn
            for (int t = 0; t < count; t++)
            {
                ReadOnlySpan<float> spectrum = spectra.Slice(2 * bins * t, 2 * bins);
                for (int k = 0; k < bins; k++) power[k] = (spectrum[2 * k] * spectrum[2 * k]) + (spectrum[(2 * k) + 1] * spectrum[(2 * k) + 1]);
                Span<float> frame = features.AsSpan((start + t) * options.Bands, options.Bands);
                bank.Sum(power, frame);
                foreach (ref float value in frame) value = MathF.Log(value + (float)options.Floor);
            }
        }

        Scale(features, frames);
        return features;
    }

    /// <summary>Refuses the global scaling without its numbers, and names those of the training set.</summary>
    /// <param name="train">Utterances with features of these options.</param>
    /// <exception cref="InvalidDataException">A number is missing.</exception>
    public void RequireScaling(IReadOnlyList<Utterance> train)
    {
        if (options.Scaling != FeatureScaling.Global || (options.FeatureMean is not null && options.FeatureDeviation is not null)) return;
        double count = 0, sum = 0, squares = 0;
        foreach (float value in train.SelectMany(utterance => utterance.ReadFeatures()))
        {
            count++;
            sum += value;
            squares += (double)value * value;
        }

        double mean = sum / count;
        throw new InvalidDataException(string.Create(
            CultureInfo.InvariantCulture,
            $"scaling is global without feature-mean and feature-deviation; expected both: {mean:0.###} and "
            + $"{Math.Sqrt((squares / count) - (mean * mean)):0.###} are those of the training set."));
    }

    /// <summary>The transforms of some frames.</summary>
    /// <returns>[frames, frequencies, 2], contiguous.</returns>
    private Tensor Spectra(float[] piece, int count)
    {
        Tensor samples = torch.frombuffer(piece, torch.float32, count: ((count - 1) * hop) + size); // not copied
        Tensor spectra = torch.stft(samples, size, hop, window.Length, torch.tensor(window), center: false, onesided: true, return_complex: true);
        return torch.view_as_real(spectra.transpose(0, 1)).contiguous();
    }

    private void Scale(Span<float> features, int frames)
    {
        if (options.Scaling == FeatureScaling.None) return;
        if (options.Scaling == FeatureScaling.Global)
        {
            if (options.FeatureMean is not { } mean || options.FeatureDeviation is not { } divisor) return; // refused once they are measured
            foreach (ref float value in features) value = (float)((value - mean) / divisor);
            return;
        }

        int bands = options.Bands;
        double[] means = new double[bands], deviations = new double[bands];
        for (int i = 0; i < features.Length; i++) means[i % bands] += features[i] / frames;
        for (int i = 0; i < features.Length; i++)
        {
            double distance = features[i] - means[i % bands];
            deviations[i % bands] += distance * distance / frames;
        }

        foreach (ref double deviation in deviations.AsSpan())
        {
            deviation = options.Scaling == FeatureScaling.Mean ? 1 : Math.Max(Math.Sqrt(deviation), SmallestDeviation);
        }

        for (int i = 0; i < features.Length; i++) features[i] = (float)((features[i] - means[i % bands]) / deviations[i % bands]);
    }
}
