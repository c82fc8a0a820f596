namespace Ctc.Experiments.Encoders;

/// <summary>Reads by a model of another program.</summary>
[Part("torchscript", typeof(TorchscriptOptions),
    Summary = "A model that torch.jit.save wrote, such as one of PyTorch: trained on, or frozen below a linear layer.")]
internal sealed class Torchscript(TorchscriptOptions options) : IEncoder
{
    /// <inheritdoc/>
    public Encoder Build(int featureSize, long tokens) => new TorchscriptNetwork(featureSize, tokens, options);

    /// <inheritdoc/>
    public bool EndsInLinearLayer => options.Output == ScriptOutput.Features;
}
