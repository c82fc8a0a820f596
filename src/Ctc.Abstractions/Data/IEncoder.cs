namespace Ctc;

/// <summary>Extension point: the network that maps features to logits.</summary>
public interface IEncoder : IPart
{
    /// <summary>Creates a network with new weights, drawn from the global random generator.</summary>
    /// <param name="featureSize">The number of features per input frame.</param>
    /// <param name="tokens">V, the number of logits per output frame.</param>
    /// <returns>A network in training mode. The caller disposes it.</returns>
    Encoder Build(int featureSize, long tokens);

    /// <summary>Gets whether the networks give hidden states and their linear last layer: <see cref="EncoderOutput.Linear"/>.</summary>
    /// <value>False by default. Read by reports, not by training.</value>
    bool EndsInLinearLayer => false;
}
