namespace Ctc;

/// <summary>Writes the features of an utterance. It must write the same numbers at each call, and may be called from any thread.</summary>
/// <param name="features">Frames × feature size numbers to fill, frame by frame; their content before is undefined.</param>
/// <exception cref="InvalidDataException">The features can no longer be read; the message names the file and the cause.</exception>
public delegate void FeatureReader(Span<float> features);

/// <summary>One input with its target: a line, a word, a sentence. Its features are in memory, or are read when they are needed.</summary>
public sealed class Utterance
{
    private readonly FeatureReader read;

    /// <summary>Creates an utterance whose features are in memory.</summary>
    /// <param name="id">A name that is unique in its data set.</param>
    /// <param name="features">Frames × feature size numbers, frame by frame. Not copied.</param>
    /// <param name="frames">The number of frames.</param>
    /// <param name="target">[U] tokens without blanks.</param>
    public Utterance(string id, float[] features, int frames, long[] target)
        : this(id, frames, features?.Length ?? throw new ArgumentNullException(nameof(features)), room => features.CopyTo(room), target)
    {
    }

    /// <summary>Creates an utterance whose features are read when they are needed, so that a data set need not fit into memory.</summary>
    /// <param name="id">A name that is unique in its data set.</param>
    /// <param name="frames">The number of frames.</param>
    /// <param name="featureCount">Frames × feature size, the number of features.</param>
    /// <param name="read">Writes the features. Called each time that they are needed: once or more in each epoch.</param>
    /// <param name="target">[U] tokens without blanks.</param>
    public Utterance(string id, int frames, int featureCount, FeatureReader read, long[] target)
    {
        ArgumentNullException.ThrowIfNull(read);
        (Id, Frames, FeatureCount, Target, this.read) = (id, frames, featureCount, target, read);
    }

    /// <summary>Gets a name that is unique in its data set.</summary>
    public string Id { get; }

    /// <summary>Gets the number of frames.</summary>
    public int Frames { get; }

    /// <summary>Gets frames × feature size, the number of features.</summary>
    public int FeatureCount { get; }

    /// <summary>Gets [U] tokens without blanks.</summary>
    public long[] Target { get; }

    /// <summary>Gets the alternative spellings, for the topology <c>graph</c>; null if there is only the target.</summary>
    public Graph? Graph { get; init; }

    /// <summary>Gets the true position of each token of the target; null if unknown.</summary>
    public IReadOnlyList<FrameInterval>? Spans { get; init; }

    /// <summary>Gets the group, such as a speaker or a writer; null if unknown. Utterances of one group are statistically dependent.</summary>
    public string? Group { get; init; }

    /// <summary>Copies the features, frame by frame.</summary>
    /// <param name="features">At least <see cref="FeatureCount"/> numbers; those after them stay as they are.</param>
    /// <exception cref="ArgumentException">There is too little room.</exception>
    /// <exception cref="InvalidDataException">The features can no longer be read.</exception>
    public void CopyFeatures(Span<float> features)
    {
        if (features.Length < FeatureCount)
        {
            throw new ArgumentException(
                $"There is room for {features.Length} features of utterance {Id}; expected room for {FeatureCount}.", nameof(features));
        }

        read(features[..FeatureCount]);
    }

    /// <summary>Reads the features into a new array.</summary>
    /// <returns>Frames × feature size numbers, frame by frame.</returns>
    /// <exception cref="InvalidDataException">The features can no longer be read.</exception>
    public float[] ReadFeatures()
    {
        float[] features = new float[FeatureCount];
        read(features);
        return features;
    }

    /// <summary>The same input under another name.</summary>
    /// <param name="id">A name that is unique in its data set.</param>
    /// <returns>Another utterance; this one is unchanged.</returns>
    public Utterance WithId(string id) => new(id, Frames, FeatureCount, read, Target) { Graph = Graph, Spans = Spans, Group = Group };

    /// <summary>The same input with another target: same id, features and group; no graph.</summary>
    /// <param name="target">[U] tokens without blanks.</param>
    /// <param name="spans">The position of each token; null, the default, if unknown.</param>
    /// <returns>Another utterance; this one is unchanged.</returns>
    public Utterance WithTarget(long[] target, IReadOnlyList<FrameInterval>? spans = null) =>
        new(Id, Frames, FeatureCount, read, target) { Spans = spans, Group = Group };
}

/// <summary>An interval of whole frames, as a path has them.</summary>
/// <param name="Start">Its first frame.</param>
/// <param name="End">The frame after its last.</param>
public readonly record struct FrameSpan(int Start, int End)
{
    /// <summary>Converts whole frames to an interval on the axis of frames.</summary>
    /// <param name="span">Whole frames.</param>
    public static implicit operator FrameInterval(FrameSpan span) => span.ToFrameInterval();

    /// <summary>Converts whole frames to an interval on the axis of frames.</summary>
    public FrameInterval ToFrameInterval() => new(Start, End);
}

/// <summary>
/// An interval on the axis of frames, in fractions of a frame: frame t is from t to t + 1. With the duration of a frame
/// (<see cref="Dataset.FrameMilliseconds"/>) it is an interval of time: both ends times that duration.
/// </summary>
/// <param name="Start">Its start.</param>
/// <param name="End">Its end, not before the start.</param>
public readonly record struct FrameInterval(double Start, double End);
