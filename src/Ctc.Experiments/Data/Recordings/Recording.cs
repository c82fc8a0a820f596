using System.Globalization;
using Ctc.Experiments.Data.Audio;
using Ctc.Experiments.Data.Manifest;
using Ctc.Experiments.Data.Speech;

namespace Ctc.Experiments.Data.Recordings;

/// <summary>An utterance: a file of sound or a piece of one, and its transcription.</summary>
/// <param name="Where">File and line, as messages begin.</param>
/// <param name="Id">The utterance's name.</param>
/// <param name="Sound">The absolute path of the file.</param>
/// <param name="Symbols">The symbols of its text.</param>
internal sealed record Recording(string Where, string Id, string Sound, IReadOnlyList<string> Symbols) : LabelledInput(Where, Id, Symbols)
{
    /// <inheritdoc/>
    public override string File => Sound;

    /// <summary>Gets the piece in words; empty for a whole file.</summary>
    public override string Place =>
        Offset == 0 && Duration is null ? "" : string.Create(CultureInfo.InvariantCulture, $" from {Offset} s for {Duration} s");

    /// <summary>Gets the start of the piece, in seconds.</summary>
    public double Offset { get; init; }

    /// <summary>Gets the duration of the piece in seconds; null up to the end of the file.</summary>
    public double? Duration { get; init; }

    /// <summary>Gets the true times of the symbols, in seconds from the start of the piece; null if unknown.</summary>
    public IReadOnlyList<(double Start, double End)>? Times { get; init; }

    /// <summary>Computes its features.</summary>
    /// <param name="features">The computation.</param>
    /// <param name="options">Those of the computation.</param>
    /// <returns>Frames × bands numbers.</returns>
    /// <exception cref="InvalidDataException">The sound is not valid; the message begins with file and line.</exception>
    public float[] Compute(LogMel features, LogMelOptions options)
    {
        try
        {
            using SampleReader sound = AudioFile.Open(Sound, options.Rate, Offset, Duration);
            return features.Compute(sound);
        }
        catch (InvalidDataException wrong)
        {
            throw new InvalidDataException($"{Where}: {wrong.Message}", wrong);
        }
    }

    /// <summary>Computes its features, as an utterance without a target.</summary>
    /// <inheritdoc cref="Compute"/>
    public Utterance ToUtterance(LogMel features, LogMelOptions options)
    {
        float[] computed = Compute(features, options);
        return new Utterance(Id, computed, computed.Length / options.Bands, []);
    }

    /// <summary>The true positions of its symbols on the axis of frames; null if its times are not known.</summary>
    /// <param name="hop">The duration of a frame, in milliseconds.</param>
    /// <param name="frames">The number of frames, which no position exceeds.</param>
    public IReadOnlyList<FrameInterval>? FindSpans(double hop, int frames)
    {
        double Frame(double seconds) => Math.Min(seconds * 1000 / hop, frames);
        return Times?.Select(time => new FrameInterval(Frame(time.Start), Frame(time.End))).ToArray();
    }
}
