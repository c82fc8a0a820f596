namespace Ctc.Experiments.Encoders;

/// <summary>Reads speech by dilated convolutions; a stream before them, which sees three frames, tells where a token is.</summary>
[Part("tdnn", typeof(TdnnOptions),
    Summary = "Residual dilated convolutions over time for speech, with a narrow stream that sees three frames, for boundaries.",
    Paper = "after Peddinti, Povey and Khudanpur, A time delay neural network architecture for efficient modeling of long temporal contexts, "
        + "Interspeech 2015")]
internal sealed class Tdnn(TdnnOptions options) : IEncoder
{
    /// <inheritdoc/>
    public Encoder Build(int featureSize, long tokens) => new TdnnNetwork(featureSize, tokens, options);

    /// <inheritdoc/>
    public bool EndsInLinearLayer => true;
}
