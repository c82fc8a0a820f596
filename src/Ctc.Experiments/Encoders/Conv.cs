namespace Ctc.Experiments.Encoders;

/// <summary>Reads a sequence through a window: convolutions over time, and a linear layer to the logits.</summary>
[Part("conv", typeof(ConvOptions),
    Summary = "Residual convolutions over time, which see a window of frames; may join neighbouring frames.",
    Paper = "after Collobert, Puhrsch and Synnaeve, Wav2Letter: an End-to-End ConvNet-based Speech Recognition System, 2016, arXiv 1609.03193")]
internal sealed class Conv(ConvOptions options) : IEncoder
{
    /// <inheritdoc/>
    public Encoder Build(int featureSize, long tokens) => new ConvNetwork(featureSize, tokens, options);

    /// <inheritdoc/>
    public bool EndsInLinearLayer => true;
}
