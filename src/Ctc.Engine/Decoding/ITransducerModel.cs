namespace Ctc.Engine.Decoding;

/// <summary>One utterance as a transducer sees it: log-probabilities of the next token, for a frame and the tokens emitted so far.</summary>
/// <remarks>The state is that of a prediction network. It is never changed: a decoder continues one state with several tokens.</remarks>
/// <typeparam name="TState">The state after some tokens.</typeparam>
public interface ITransducerModel<TState>
{
    /// <summary>Gets the number of frames.</summary>
    int Frames { get; }

    /// <summary>Gets the state before the first token.</summary>
    TState Start { get; }

    /// <summary>Computes the state after one more token.</summary>
    /// <param name="state">The state before it.</param>
    /// <param name="token">Not the blank.</param>
    /// <returns>A new state; the given one is unchanged.</returns>
    TState Advance(TState state, long token);

    /// <summary>Computes the log-probabilities of the next token, the blank included.</summary>
    /// <param name="frame">In [0, Frames).</param>
    /// <param name="state">The state after the tokens so far.</param>
    /// <returns>V numbers in nats, of the same number of tokens in each call. A decoder only reads them before the next call.</returns>
    ReadOnlySpan<double> LogProbs(int frame, TState state);
}
