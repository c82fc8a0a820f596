namespace Ctc.Experiments.Encoders;

/// <summary>Reads a sequence in both directions: a convolution over time, LSTM layers, and a linear layer to the logits.</summary>
[Part("bilstm", typeof(BilstmOptions),
    Summary = "A bidirectional LSTM after a small convolution over time, which may join neighbouring frames.",
    Paper = "Graves and Schmidhuber, Framewise phoneme classification with bidirectional LSTM, Neural Networks 18, 2005")]
internal sealed class Bilstm(BilstmOptions options) : IEncoder
{
    /// <inheritdoc/>
    public Encoder Build(int featureSize, long tokens) => new BilstmNetwork(featureSize, tokens, options);

    /// <inheritdoc/>
    public bool EndsInLinearLayer => true;
}
