using Ctc.Engine.Paths;

namespace Ctc.Engine.Decoding;

/// <summary>Decoding with a transducer: greedy, and by a beam that sums over alignments.</summary>
public static class TransducerDecoder
{
    /// <summary>The most tokens that are emitted in one frame, by default.</summary>
    public const int DefaultTokensPerFrame = 10;

    /// <summary>Reads an utterance greedily: in each frame the most likely token is emitted until it is the blank.</summary>
    /// <remarks>Among equally likely tokens the lowest is emitted. A frame with NaN emits nothing more. O(V) for each frame and token.</remarks>
    /// <param name="model">The utterance.</param>
    /// <param name="blank">The token of the blank.</param>
    /// <param name="tokensPerFrame">After so many tokens in one frame the blank follows; by default 10.</param>
    /// <returns>The tokens with their frames, and the score of this alignment.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number of tokens in a frame is less than 1.</exception>
    public static TransducerPath Greedy<TState>(ITransducerModel<TState> model, long blank = 0, int tokensPerFrame = DefaultTokensPerFrame) =>
        Greedy(model, blank, tokensPerFrame, isMonotonic: false);

    /// <summary>Reads an utterance greedily, perhaps with one token or the blank in each frame.</summary>
    /// <inheritdoc cref="Greedy{TState}(ITransducerModel{TState}, long, int)"/>
    /// <param name="model">The utterance.</param>
    /// <param name="blank">The token of the blank.</param>
    /// <param name="tokensPerFrame">The most tokens in a frame.</param>
    /// <param name="isMonotonic">Whether a token leads to the next frame, as the blank does.</param>
    internal static TransducerPath Greedy<TState>(ITransducerModel<TState> model, long blank, int tokensPerFrame, bool isMonotonic)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfLessThan(tokensPerFrame, 1);
        (var tokens, var frames, double score, TState state) = (new List<long>(), new List<int>(), 0.0, model.Start);
        for (int t = 0; t < model.Frames; t++)
        {
            for (int emitted = 0; ; emitted++)
            {
                ReadOnlySpan<double> next = model.LogProbs(t, state);
                int best = (int)blank;
                for (int v = 0; v < next.Length; v++)
                {
                    if (next[v] > next[best] || (next[v] == next[best] && v < best)) best = v;
                }

                if (emitted == tokensPerFrame || double.IsNaN(next[best])) best = (int)blank;
                score += next[best];
                if (best == blank) break;
                tokens.Add(best);
                frames.Add(t);
                state = model.Advance(state, best);
                if (isMonotonic) break;
            }
        }

        return new TransducerPath(score, [.. tokens], [.. frames]);
    }

    /// <summary>Reads an utterance by a beam over sequences of tokens, whose scores are sums over all their alignments.</summary>
    /// <remarks>
    /// <para>
    /// In each frame the sequences are extended shortest first, as long as they can still come into the beam, so that the score of a sequence is
    /// complete before it is extended: alignments that emit the same tokens are never two hypotheses. Without pruning (a width of all sequences) the
    /// scores are exact log-likelihoods of all targets up to the limit of tokens in a frame. Equal scores are in the order of the tokens.
    /// </para>
    /// <para>The frames of a hypothesis are those of its best alignment among those that stay in the beam.</para>
    /// <para>After Graves, arXiv 1211.3711, section 2.5, with the extensions bounded in each frame.</para>
    /// </remarks>
    /// <param name="model">The utterance.</param>
    /// <param name="width">The sequences that are kept: after each frame, and in a frame of each number of emitted tokens. 1 or more.</param>
    /// <param name="blank">The token of the blank.</param>
    /// <param name="tokensPerFrame">A sequence is extended by so many tokens at most in one frame; by default 10.</param>
    /// <returns>Up to <paramref name="width"/> hypotheses, the best first; none where every score is −∞ or NaN.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The width or the number of tokens in a frame is less than 1.</exception>
    public static IReadOnlyList<Hypothesis> Beam<TState>(
        ITransducerModel<TState> model, int width, long blank = 0, int tokensPerFrame = DefaultTokensPerFrame) =>
        Beam(model, width, blank, tokensPerFrame, scores: null);

    /// <summary>Reads an utterance by a beam, with scores of sequences beside the model's.</summary>
    /// <inheritdoc cref="Beam{TState}(ITransducerModel{TState}, int, long, int)"/>
    /// <param name="model">The utterance.</param>
    /// <param name="width">The sequences that are kept.</param>
    /// <param name="blank">The token of the blank.</param>
    /// <param name="tokensPerFrame">The most tokens in a frame.</param>
    /// <param name="scores">They are added to those of the model; null for none.</param>
    /// <param name="isMonotonic">Whether a token leads to the next frame, as the blank does.</param>
    internal static IReadOnlyList<Hypothesis> Beam<TState>(
        ITransducerModel<TState> model, int width, long blank, int tokensPerFrame, ISequenceScores? scores, bool isMonotonic = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(tokensPerFrame, 1);
        return new TransducerBeam<TState>(model, width, blank, tokensPerFrame, scores) { IsMonotonic = isMonotonic }.Read();
    }
}
