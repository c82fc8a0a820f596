namespace Ctc;

/// <summary>One input with its target: a line, a word, a sentence.</summary>
/// <param name="id">A name that is unique in its data set.</param>
/// <param name="features">Frames × feature size, frame by frame.</param>
/// <param name="frames">The number of frames.</param>
/// <param name="target">[U] tokens without blanks.</param>
public sealed class Utterance(string id, float[] features, int frames, long[] target)
{
    /// <summary>Gets a name that is unique in its data set.</summary>
    public string Id { get; } = id;

    /// <summary>Gets frames × feature size numbers, frame by frame.</summary>
    public float[] Features { get; } = features;

    /// <summary>Gets the number of frames.</summary>
    public int Frames { get; } = frames;

    /// <summary>Gets [U] tokens without blanks.</summary>
    public long[] Target { get; } = target;

    /// <summary>Gets the alternative spellings, for the topology <c>graph</c>; null if there is only the target.</summary>
    public Graph? Graph { get; init; }

    /// <summary>Gets the true position of each token of the target; null if unknown.</summary>
    public IReadOnlyList<FrameSpan>? Spans { get; init; }

    /// <summary>Gets the group, such as a speaker or a writer; null if unknown. Utterances of one group are statistically dependent.</summary>
    public string? Group { get; init; }
}

/// <summary>An interval of frames.</summary>
/// <param name="Start">Its first frame.</param>
/// <param name="End">The frame after its last.</param>
public readonly record struct FrameSpan(int Start, int End);
