namespace Ctc.Experiments.Encoders;

/// <summary>Reads an image of a line: two-dimensional convolutions with pooling, LSTM layers in both directions, and a linear layer.</summary>
[Part("crnn", typeof(CrnnOptions),
    Summary = "Two-dimensional convolutions with pooling of rows and columns, then a bidirectional LSTM: for images of text lines.",
    Paper = "after Shi, Bai and Yao, An End-to-End Trainable Neural Network for Image-Based Sequence Recognition, TPAMI 2017, arXiv 1507.05717")]
internal sealed class Crnn(CrnnOptions options) : IEncoder
{
    /// <inheritdoc/>
    public Encoder Build(int featureSize, long tokens) => new CrnnNetwork(featureSize, tokens, options);

    /// <inheritdoc/>
    public bool EndsInLinearLayer => true;
}
