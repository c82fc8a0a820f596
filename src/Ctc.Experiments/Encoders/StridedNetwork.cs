using TorchSharp.Modules;

namespace Ctc.Experiments.Encoders;

/// <summary>A network that joins neighbouring frames, and ends in a linear layer that may also give logits in its middle.</summary>
/// <param name="name">The name of the module.</param>
/// <param name="stride">Input frames for each output frame, 1 or more.</param>
/// <param name="middle">The number of layers before the stream <c>middle</c>; null if there is none.</param>
internal abstract class StridedNetwork(string name, int stride, int? middle) : Encoder(name)
{
    /// <inheritdoc/>
    public override IReadOnlyList<StreamShape> Streams => MiddleStream.Streams(Middle);

    /// <summary>Gets the numbers of output frames.</summary>
    protected FrameStride Stride { get; } = new(stride);

    /// <summary>Gets the number of layers before the stream <c>middle</c>; null if there is none.</summary>
    protected int? Middle => middle;

    /// <inheritdoc/>
    public override long OutputFrames(long frames) => Stride.OutputFrames(frames);

    /// <inheritdoc/>
    public override Tensor forward(Tensor features, Tensor frames)
    {
        using var scope = torch.NewDisposeScope();
        return Read(features, frames).Logits.MoveToOuterDisposeScope();
    }
    /// <summary>A convolution over time, layer normalisation, a rectifier.</summary>
    /// <param name="convolution">Without groups.</param>
    /// <param name="norm">Over the features of a frame.</param>
    /// <param name="cleared">[T, B, F], with padding of zeros.</param>
    /// <returns>[T', B, H].</returns>
    protected static Tensor Convolve(Conv1d convolution, LayerNorm norm, Tensor cleared) =>
        norm.call(FrameConvolution.Call(convolution, cleared)).relu();
}
