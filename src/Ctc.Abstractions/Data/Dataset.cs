namespace Ctc;

/// <summary>Three disjoint sets of utterances over one alphabet.</summary>
/// <param name="alphabet">The tokens of all targets.</param>
/// <param name="featureSize">The number of features per frame.</param>
/// <param name="train">The utterances for training.</param>
/// <param name="dev">The utterances for choosing the best epoch.</param>
/// <param name="test">The utterances for the final evaluation, used once.</param>
public sealed class Dataset(
    Alphabet alphabet,
    int featureSize,
    IReadOnlyList<Utterance> train,
    IReadOnlyList<Utterance> dev,
    IReadOnlyList<Utterance> test)
{
    /// <summary>Gets the tokens of all targets.</summary>
    public Alphabet Alphabet { get; } = alphabet;

    /// <summary>Gets the number of features per frame.</summary>
    public int FeatureSize { get; } = featureSize;

    /// <summary>Gets the utterances for training.</summary>
    public IReadOnlyList<Utterance> Train { get; } = train;

    /// <summary>Gets the utterances for choosing the best epoch.</summary>
    public IReadOnlyList<Utterance> Dev { get; } = dev;

    /// <summary>Gets the utterances for the final evaluation, used once.</summary>
    public IReadOnlyList<Utterance> Test { get; } = test;

    /// <summary>Gets the duration of a frame in milliseconds; null if frames are not intervals of time, as in images.</summary>
    public double? FrameMilliseconds { get; init; }

    /// <summary>The same data with other sets of utterances.</summary>
    /// <param name="train">The utterances for training; null, the default, for those of this data set.</param>
    /// <param name="dev">The utterances for choosing the best epoch; null, the default, for those of this data set.</param>
    /// <returns>Another data set; this one is unchanged. The utterances for the final evaluation are the same.</returns>
    public Dataset With(IReadOnlyList<Utterance>? train = null, IReadOnlyList<Utterance>? dev = null) =>
        new(Alphabet, FeatureSize, train ?? Train, dev ?? Dev, Test) { FrameMilliseconds = FrameMilliseconds };
}
