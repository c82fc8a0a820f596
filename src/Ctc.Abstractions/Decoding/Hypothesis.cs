namespace Ctc;

/// <summary>What a decoder reads in an utterance.</summary>
/// <param name="tokens">The tokens read, without blanks and added tokens.</param>
/// <param name="score">A log-score in nats, by which hypotheses of one utterance are compared.</param>
public sealed class Hypothesis(long[] tokens, double score)
{
    /// <summary>Gets the tokens read, without blanks and added tokens.</summary>
    public long[] Tokens { get; } = tokens;

    /// <summary>Gets the log-score in nats, by which hypotheses of one utterance are compared.</summary>
    public double Score { get; } = score;

    /// <summary>Gets the token of each frame, if the decoder knows one path; null, the default, if it does not.</summary>
    public long[]? Path { get; init; }

    /// <summary>Gets the frame in which each token is emitted, where a frame may emit several, as under a transducer.</summary>
    /// <value>One for each of <see cref="Tokens"/>, from 0 on, not descending; null, the default, if the decoder does not know them.</value>
    public int[]? Frames { get; init; }

    /// <summary>Gets the words, if the decoder reads words of a lexicon; null, the default, if it reads tokens alone.</summary>
    /// <value>In order; each with the symbols that were read for it, and its frames on the path.</value>
    public IReadOnlyList<WordSpan>? Words { get; init; }
}
