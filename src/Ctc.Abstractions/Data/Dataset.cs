namespace Ctc;

/// <summary>Three disjoint sets of utterances over one alphabet.</summary>
/// <param name="alphabet">The tokens of all targets.</param>
/// <param name="featureSize">The numbers in a frame.</param>
/// <param name="train">The utterances of which the model learns.</param>
/// <param name="dev">The utterances by which the best epoch is chosen.</param>
/// <param name="test">The utterances that are measured once, at the end.</param>
public sealed class Dataset(
    Alphabet alphabet,
    int featureSize,
    IReadOnlyList<Utterance> train,
    IReadOnlyList<Utterance> dev,
    IReadOnlyList<Utterance> test)
{
    /// <summary>Gets the tokens of all targets.</summary>
    public Alphabet Alphabet { get; } = alphabet;

    /// <summary>Gets the numbers in a frame.</summary>
    public int FeatureSize { get; } = featureSize;

    /// <summary>Gets the utterances of which the model learns.</summary>
    public IReadOnlyList<Utterance> Train { get; } = train;

    /// <summary>Gets the utterances by which the best epoch is chosen.</summary>
    public IReadOnlyList<Utterance> Dev { get; } = dev;

    /// <summary>Gets the utterances that are measured once, at the end.</summary>
    public IReadOnlyList<Utterance> Test { get; } = test;

    /// <summary>Gets the duration of a frame in milliseconds; null if frames are no time, as in images.</summary>
    public double? FrameMilliseconds { get; init; }
}
