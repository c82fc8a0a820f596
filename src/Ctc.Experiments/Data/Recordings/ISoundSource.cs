using Ctc.Experiments.Data.Manifest;

namespace Ctc.Experiments.Data.Recordings;

/// <summary>A data source whose inputs are sound, so that manifests for its models name recordings and not images.</summary>
internal interface ISoundSource : IDataSource
{
    /// <summary>Gets the duration of a frame of the features.</summary>
    double FrameMilliseconds { get; }

    /// <summary>Gets what is done to texts.</summary>
    TextRules Rules { get; }

    /// <summary>Computes the features of a recording.</summary>
    /// <param name="recording">Of any manifest.</param>
    /// <returns>An utterance with its id and an empty target.</returns>
    /// <exception cref="InvalidDataException">The sound is not valid; the message begins with file and line.</exception>
    Utterance Read(Recording recording);

    /// <summary>The true positions of a recording's symbols.</summary>
    /// <param name="recording">Of any manifest.</param>
    /// <param name="frames">The number of its frames.</param>
    /// <returns>Null if they are not known.</returns>
    IReadOnlyList<FrameInterval>? FindSpans(Recording recording, int frames);
}
