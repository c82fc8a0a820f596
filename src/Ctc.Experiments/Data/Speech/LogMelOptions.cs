using System.ComponentModel.DataAnnotations;

namespace Ctc.Experiments.Data.Speech;

/// <summary>How sound becomes features: the logarithms of the power in mel bands. docs/speech.md has the formulas.</summary>
public abstract record LogMelOptions : IValidatableObject
{
    /// <summary>Gets the sampling rate of the features. Sound of other rates is resampled.</summary>
    /// <value>In Hz, 4000 to 96,000; the default is 16,000.</value>
    [Range(4000, 96_000)]
    public int Rate { get; init; } = 16_000;

    /// <summary>Gets the length of a window, which a Hann function weights.</summary>
    /// <value>In ms, 1 to 200; the default is 25.</value>
    [Range(1.0, 200.0)]
    public double Window { get; init; } = 25;

    /// <summary>Gets the distance of two frames. Frame t is centred on (t + 1/2) · hop.</summary>
    /// <value>In ms, 1 to 100, and a whole number of samples; the default is 10.</value>
    [Range(1.0, 100.0)]
    public double Hop { get; init; } = 10;

    /// <summary>Gets the samples of the Fourier transform, in whose middle the window is.</summary>
    /// <value>An even number that holds the window; by default the smallest power of two that does.</value>
    [Range(16, 65_536)]
    public int? FourierSize { get; init; }

    /// <summary>Gets the number of mel bands, which is the feature size.</summary>
    /// <value>1 to 512; the default is 64.</value>
    [Range(1, 512)]
    public int Bands { get; init; } = 64;

    /// <summary>Gets the lower edge of the lowest band.</summary>
    /// <value>In Hz, 0 or more; the default is 50.</value>
    [Range(0.0, 48_000.0)]
    public double MinFrequency { get; init; } = 50;

    /// <summary>Gets the upper edge of the highest band.</summary>
    /// <value>In Hz, at most half the rate, which is the default.</value>
    [Range(1.0, 48_000.0)]
    public double? MaxFrequency { get; init; }

    /// <summary>Gets the scale on which the bands are equally wide.</summary>
    /// <value>htk, or slaney, whose bands have equal areas too; the default is htk.</value>
    public MelScale MelScale { get; init; }

    /// <summary>Gets the power that is added before the logarithm, so that silence is finite. Samples are from −1 to 1.</summary>
    /// <value>Above 0, at most 1; the default is 1e-5.</value>
    [Range(1e-30, 1.0)]
    public double Floor { get; init; } = 1e-5;

    /// <summary>Gets what the features are shifted and divided by.</summary>
    /// <value>
    /// utterance: the mean and the standard deviation of each band over the utterance; mean: the mean alone; global: two numbers for all features,
    /// feature-mean and feature-deviation; none. The default is utterance.
    /// </value>
    public FeatureScaling Scaling { get; init; }

    /// <summary>Gets the number that is subtracted from all features under the global scaling.</summary>
    /// <value>Any; there is no default. A run without it prints that of its training set.</value>
    [Range(-1e6, 1e6)]
    public double? FeatureMean { get; init; }

    /// <summary>Gets the number that all features are then divided by.</summary>
    /// <value>Above 0; there is no default. A run without it prints that of its training set.</value>
    [Range(1e-6, 1e6)]
    public double? FeatureDeviation { get; init; }

    /// <summary>Refuses lengths and frequencies that do not fit together.</summary>
    /// <inheritdoc/>
    public virtual IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Hop * Rate / 1000 % 1 != 0)
        {
            yield return new ValidationResult($"hop is {Hop} ms, {Hop * Rate / 1000} samples; expected a whole number of them", [nameof(Hop)]);
        }

        if (FourierSize is { } size && (size % 2 != 0 || size < WindowSamples))
        {
            yield return new ValidationResult(
                $"fourier-size is {size}; expected an even number of at least {WindowSamples}, the samples of the window", [nameof(FourierSize)]);
        }

        if (MaxFrequency > Rate / 2.0)
        {
            yield return new ValidationResult($"max-frequency is {MaxFrequency}; expected at most half the rate", [nameof(MaxFrequency)]);
        }

        if (MinFrequency >= (MaxFrequency ?? Rate / 2.0))
        {
            yield return new ValidationResult($"min-frequency is {MinFrequency}; expected less than max-frequency", [nameof(MinFrequency)]);
        }

        if (Scaling != FeatureScaling.Global && (FeatureMean ?? FeatureDeviation) is not null)
        {
            yield return new ValidationResult(
                "feature-mean and feature-deviation are of the global scaling; expected scaling: global", [nameof(Scaling)]);
        }
    }

    /// <summary>Gets the samples of a window.</summary>
    internal int WindowSamples => (int)Math.Round(Window * Rate / 1000);
}

/// <summary>A scale of pitch.</summary>
public enum MelScale
{
    /// <summary>2595 log₁₀(1 + f/700); the triangles have the height 1.</summary>
    Htk,

    /// <summary>Linear up to 1000 Hz and logarithmic above, after Slaney's Auditory Toolbox; the triangles have the area 1 (Hz).</summary>
    Slaney,
}

/// <summary>What features are shifted and divided by.</summary>
public enum FeatureScaling
{
    /// <summary>The mean and the standard deviation of each band over the utterance.</summary>
    Utterance,

    /// <summary>The mean of each band over the utterance; they are not divided.</summary>
    Mean,

    /// <summary>Two given numbers.</summary>
    Global,

    /// <summary>Nothing.</summary>
    None,
}
