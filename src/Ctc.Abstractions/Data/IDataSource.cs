namespace Ctc;

/// <summary>Extension point: where utterances come from.</summary>
public interface IDataSource : IPart
{
    /// <summary>Loads or draws all utterances. The same options give the same utterances.</summary>
    /// <returns>Three disjoint sets.</returns>
    /// <exception cref="InvalidDataException">A file is not what it should be; the message says which, where and what was expected.</exception>
    Dataset Load();

    /// <summary>The files besides those that its options name: their content identifies a run too.</summary>
    /// <returns>Paths, in an order that the options' files decide; none by default.</returns>
    /// <exception cref="InvalidDataException">As from <see cref="Load"/>.</exception>
    IReadOnlyList<string> DataFiles() => [];

    /// <summary>Reads one new input, as for training, without a target.</summary>
    /// <param name="file">A path.</param>
    /// <returns>An utterance with an empty target.</returns>
    /// <exception cref="InvalidDataException">The file cannot be read as an input; the message says why.</exception>
    Utterance Read(string file);

    /// <summary>Lays an utterance down as a file that <see cref="Read"/> reads, where inputs are files of their own.</summary>
    /// <param name="utterance">One of the data set.</param>
    /// <param name="folder">An existing folder.</param>
    /// <returns>The file, named after the utterance; null, the default, where there is no such form.</returns>
    string? Write(Utterance utterance, string folder) => null;
}

/// <summary>Utterances to learn from, to choose by, and to measure once.</summary>
/// <param name="Alphabet">The tokens of all targets.</param>
/// <param name="FeatureSize">The numbers in a frame.</param>
/// <param name="Train">What the model learns from.</param>
/// <param name="Dev">What chooses the best epoch.</param>
/// <param name="Test">What is read once, at the end.</param>
public sealed record Dataset(
    Alphabet Alphabet,
    int FeatureSize,
    IReadOnlyList<Utterance> Train,
    IReadOnlyList<Utterance> Dev,
    IReadOnlyList<Utterance> Test)
{
    /// <summary>Gets how long a frame lasts, in milliseconds; null where frames are no time, as in images.</summary>
    public double? FrameMilliseconds { get; init; }
}
