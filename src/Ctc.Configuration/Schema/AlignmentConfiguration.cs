namespace Ctc.Configuration.Schema;

/// <summary>How targets are aligned with a model's output where boundaries are measured or written: the section <c>alignment</c>.</summary>
public sealed record AlignmentConfiguration
{
    /// <summary>Gets the head whose stream, topology and emission transforms align.</summary>
    /// <value>A head of the objective; by default none: the topology of the objective aligns, with the model's own log-probabilities.</value>
    public string? Head { get; init; }

    /// <summary>Gets where tokens begin and end.</summary>
    /// <value>frames, midway, first, last or expected; the default is frames.</value>
    public EdgeKind Edges { get; init; }
}

/// <summary>Where a token of an alignment begins and ends.</summary>
public enum EdgeKind
{
    /// <summary>With its first frame on the best path, and after its last: what is between two tokens belongs to neither.</summary>
    Frames,

    /// <summary>Midway between the last frame of a token and the first of the next.</summary>
    Midway,

    /// <summary>A token lasts until the first frame of the next.</summary>
    First,

    /// <summary>A token ends after its last frame, and the next one begins there.</summary>
    Last,

    /// <summary>The mean, over all paths, of the time when a token is left and of that when the next one is entered.</summary>
    Expected,
}
