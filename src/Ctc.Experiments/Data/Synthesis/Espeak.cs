using Ctc.Experiments.Data.Audio;

namespace Ctc.Experiments.Data.Synthesis;

/// <summary>espeak-ng, which reports each phoneme with the sample at which it begins.</summary>
/// <remarks>
/// What it spoke before changes how it speaks: its library is loaded for each sentence anew, one at a time. A call of the library has no time limit,
/// unlike a program such as flite: a voice that hangs stops the process.
/// </remarks>
internal sealed class Espeak : ISynthesizer
{
    private const string PackageHint = "The library of espeak-ng is not installed; expected it (Debian: apt-get install libespeak-ng1).";

    // Those of its data that decide how any language sounds.
    private static readonly string[] DataNames = ["phontab", "phonindex", "phondata", "intonations"];

    private static readonly Lock One = new();

    /// <inheritdoc/>
    public string Method
    {
        get
        {
            lock (One)
            {
                using EspeakLibrary library = Require();
                return $"espeak-ng {library.Version}";
            }
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Files
    {
        get
        {
            lock (One)
            {
                using EspeakLibrary? library = EspeakLibrary.Load();
                return library is null ? [] : [.. DataNames.Select(name => Path.Combine(library.DataFolder, name)).Where(File.Exists)];
            }
        }
    }

    /// <inheritdoc/>
    public SpokenSentence Speak(string sentence, string voice)
    {
        lock (One)
        {
            using EspeakLibrary library = Require();
            if (!library.TrySetVoice(voice))
            {
                throw new InvalidDataException($"espeak-ng has no voice '{voice}'; expected one of those of espeak-ng --voices.");
            }

            if (library.Speak(sentence) is not { Samples.Length: > 0 } spoken)
            {
                throw new InvalidDataException($"'{sentence}' cannot be spoken by the voice {voice} of espeak-ng; expected words of its language.");
            }

            var sound = new Waveform([.. spoken.Samples.Select(sample => sample / 32768f)], library.Rate);
            return new SpokenSentence(sound, ToPhones(spoken.Begun, spoken.Samples.Length, library.Rate));
        }
    }

    /// <summary>Phonemes with their ends, each at the beginning of the next. Those without a name or a sample are no sound.</summary>
    internal static TimedPhone[] ToPhones(IReadOnlyList<(string Name, int Sample)> begun, int samples, int rate)
    {
        List<TimedPhone> phones = [];
        for (int i = 0; i < begun.Count; i++)
        {
            int start = Math.Min(begun[i].Sample, samples), end = i + 1 < begun.Count ? Math.Min(begun[i + 1].Sample, samples) : samples;
            if (begun[i].Name.Length > 0 && end > start) phones.Add(new TimedPhone(begun[i].Name, (double)start / rate, (double)end / rate));
        }

        return [.. phones];
    }

    private static EspeakLibrary Require() => EspeakLibrary.Load() ?? throw new InvalidDataException(PackageHint);
}
