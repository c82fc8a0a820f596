using Ctc.Engine.Decoding;

namespace Ctc.Engine.Transducers;

/// <summary>One utterance of a transducer, for a decoder. Not safe for several threads: the log-probabilities are computed in one place.</summary>
/// <param name="network">The prediction and joint networks.</param>
/// <param name="encoded">[N, J] the output of the encoder.</param>
internal sealed class TransducerUtterance(PredictionNetwork network, ReadOnlyMemory<double> encoded) : ITransducerModel<PredictionState>
{
    private readonly double[] logProbs = new double[network.Tokens];

    /// <summary>Gets the token that begins each sequence: the blank.</summary>
    public long Blank { get; init; }

    /// <inheritdoc/>
    public int Frames => encoded.Length / network.Width;

    /// <inheritdoc/>
    public PredictionState Start => network.Advance(null, Blank);

    /// <inheritdoc/>
    public PredictionState Advance(PredictionState state, long token) => network.Advance(state, token);

    /// <inheritdoc/>
    public ReadOnlySpan<double> LogProbs(int frame, PredictionState state)
    {
        network.Join(encoded.Span.Slice(frame * network.Width, network.Width), state, logProbs);
        return logProbs;
    }
}
