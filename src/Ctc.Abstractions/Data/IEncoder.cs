namespace Ctc;

/// <summary>Extension point: the network that maps features to logits.</summary>
public interface IEncoder : IPart
{
    /// <summary>Creates a network with new weights, drawn from the global random generator.</summary>
    /// <param name="featureSize">The number of features per input frame.</param>
    /// <param name="tokens">V, the number of logits per output frame.</param>
    /// <returns>A network in training mode. The caller disposes it.</returns>
    Encoder Build(int featureSize, long tokens);
}

/// <summary>A network over padded batches. Padding must not change the logits of the frames before it.</summary>
/// <remarks><c>forward(features, frames)</c>: [T, B, F] features and [B] lengths of type int64 on the CPU are mapped to [T', B, V] logits.</remarks>
public abstract class Encoder : torch.nn.Module<Tensor, Tensor, Tensor>
{
    /// <summary>Creates a network with a name.</summary>
    /// <param name="name">The name of the module.</param>
    protected Encoder(string name)
        : base(name)
    {
    }

    /// <summary>The number of output frames for a number of input frames. By default equal.</summary>
    /// <param name="frames">The number of input frames.</param>
    /// <returns>The number of output frames.</returns>
    public virtual long OutputFrames(long frames) => frames;
}
