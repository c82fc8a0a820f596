namespace Ctc;

/// <summary>Extension point: the network that turns features into logits.</summary>
public interface IEncoder : IPart
{
    /// <summary>Builds a network with fresh weights from the global generator.</summary>
    /// <param name="featureSize">The numbers in an input frame.</param>
    /// <param name="tokens">V, the logits in an output frame.</param>
    /// <returns>A network in training mode. The caller disposes it.</returns>
    Encoder Build(int featureSize, long tokens);
}

/// <summary>A network over padded batches. Padding must not change what it says of the frames before it.</summary>
/// <remarks><c>forward(features, frames)</c>: [T, B, F] features and [B] lengths of type int64 on the CPU give [T', B, V] logits.</remarks>
public abstract class Encoder : torch.nn.Module<Tensor, Tensor, Tensor>
{
    /// <summary>Names the network.</summary>
    /// <param name="name">As in its checkpoint.</param>
    protected Encoder(string name)
        : base(name)
    {
    }

    /// <summary>The frames that come out for the frames that go in. By default the same.</summary>
    /// <param name="frames">Input frames.</param>
    /// <returns>Output frames.</returns>
    public virtual long OutputFrames(long frames) => frames;
}
