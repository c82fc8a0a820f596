using Ctc.Experiments.Data.Audio;

namespace Ctc.Experiments.Data.Synthesis;

/// <summary>A program that speaks sentences and tells when each phone ends.</summary>
internal interface ISynthesizer
{
    /// <summary>Gets everything but voice and sentence that the sound depends on.</summary>
    string Method { get; }

    /// <summary>Gets the files of the program that are found; none if it is not installed.</summary>
    IReadOnlyList<string> Files { get; }

    /// <summary>Speaks a sentence. The same voice and sentence have the same sound at each call, from any thread.</summary>
    /// <exception cref="InvalidDataException">The program is missing or fails, or has no such voice.</exception>
    SpokenSentence Speak(string sentence, string voice);
}

/// <summary>A sentence as sound, with its phones.</summary>
/// <param name="sound">The sound.</param>
/// <param name="phones">The phones in order, with pauses, without overlap.</param>
internal sealed class SpokenSentence(Waveform sound, IReadOnlyList<TimedPhone> phones)
{
    /// <summary>Gets the sound.</summary>
    public Waveform Sound { get; } = sound;

    /// <summary>Gets the phones in order, with pauses, without overlap.</summary>
    public IReadOnlyList<TimedPhone> Phones { get; } = phones;
}

/// <summary>A phone and when it is spoken.</summary>
/// <param name="Name">Its name in the notation of the program.</param>
/// <param name="Start">Its start, in seconds.</param>
/// <param name="End">Its end, in seconds.</param>
internal readonly record struct TimedPhone(string Name, double Start, double End);
