namespace Ctc;

/// <summary>One item to read: a line, a word, a sentence.</summary>
/// <param name="Id">A name that is unique in its data set.</param>
/// <param name="Features">Frames × feature size, frame by frame.</param>
/// <param name="Frames">The number of frames.</param>
/// <param name="Target">[U] tokens without blanks.</param>
public sealed record Utterance(string Id, float[] Features, int Frames, long[] Target)
{
    /// <summary>Gets the ways in which it may be said, for the topology <c>graph</c>; null where the target is all there is.</summary>
    public Graph? Graph { get; init; }

    /// <summary>Gets where each token of the target truly lies, where that is known; else null.</summary>
    public IReadOnlyList<FrameSpan>? Spans { get; init; }

    /// <summary>Gets whom it belongs to, such as a speaker or a writer, where that is known; else null. Utterances of one group resemble each other.</summary>
    public string? Group { get; init; }
}

/// <summary>A stretch of an utterance.</summary>
/// <param name="Start">Its first frame.</param>
/// <param name="End">The frame behind its last.</param>
public readonly record struct FrameSpan(int Start, int End);
