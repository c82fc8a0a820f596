using System.Globalization;

namespace Ctc;

/// <summary>A batch of lattices, or a recursion over it, needs more memory than the limit. Thrown before the memory is allocated.</summary>
public sealed class LatticeTooLargeException : CtcException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="what">What needs the memory, the subject of the sentence: "The fused recursion".</param>
    /// <param name="frames">T, the frames of the longest utterance; 0 if they do not matter.</param>
    /// <param name="utterances">B.</param>
    /// <param name="states">S, the states of the largest lattice.</param>
    /// <param name="slots">K, the largest number of arcs into a state.</param>
    /// <param name="bytes">The bytes needed, estimated.</param>
    /// <param name="limit">The bytes allowed.</param>
    public LatticeTooLargeException(string what, long frames, long utterances, long states, long slots, double bytes, long limit)
        : base(Explain(what, frames, utterances, states, slots, bytes, limit)) =>
        (Frames, Utterances, States, Slots, Bytes, Limit) = (frames, utterances, states, slots, bytes, limit);

    /// <summary>Gets T, the frames of the longest utterance; 0 if they do not matter.</summary>
    public long Frames { get; }

    /// <summary>Gets B, the number of utterances.</summary>
    public long Utterances { get; }

    /// <summary>Gets S, the states of the largest lattice.</summary>
    public long States { get; }

    /// <summary>Gets K, the largest number of arcs into a state.</summary>
    public long Slots { get; }

    /// <summary>Gets the bytes needed, estimated.</summary>
    public double Bytes { get; }

    /// <summary>Gets the bytes allowed.</summary>
    public long Limit { get; }

    private static string Explain(string what, long frames, long utterances, long states, long slots, double bytes, long limit)
    {
        string inTime = frames > 0 ? $"{frames} frames of " : "";
        return $"{what} needs about {Gigabytes(bytes)} for {inTime}{utterances} utterances with {states} states of {slots} arcs each; " +
            $"expected at most {Gigabytes(limit)}. Use shorter utterances, shorter targets or smaller batches.";
    }

    private static string Gigabytes(double bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.0} GB");
}
