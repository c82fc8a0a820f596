namespace Ctc.Engine.Paths;

/// <summary>One alignment of a transducer: the tokens, and the frame in which each is emitted.</summary>
/// <param name="score">The log-score of the alignment in nats; −∞ or NaN where there is none.</param>
/// <param name="tokens">The tokens, without blanks.</param>
/// <param name="frames">The frame of each token, not descending; null where there is no alignment.</param>
public sealed class TransducerPath(double score, long[] tokens, int[]? frames)
{
    /// <summary>Gets the log-score of the alignment, blanks included.</summary>
    /// <value>In nats; −∞ where there is no alignment, NaN where a score that one can read is NaN or +∞.</value>
    public double Score { get; } = score;

    /// <summary>Gets the tokens, without blanks.</summary>
    public long[] Tokens { get; } = tokens;

    /// <summary>Gets the frame in which each token is emitted, not descending. Several tokens may be emitted in one frame.</summary>
    /// <value>Null where there is no alignment.</value>
    public int[]? Frames { get; } = frames;
}
