using TorchSharp.Modules;

namespace Ctc.Experiments.Encoders;

/// <summary>The network of <see cref="Conv"/>. Its output for an utterance does not depend on the rest of the batch.</summary>
internal sealed class ConvNetwork : StridedNetwork
{
    private static readonly Scalar One = 1L;

    // The names of these fields are the names of the weights in a checkpoint.
    private readonly ModuleList<Conv1d> convolutions;
    private readonly ModuleList<LayerNorm> norms; // one after each convolution
    private readonly Dropout dropout;
    private readonly Linear output;
    private readonly Linear? conditioning;

    public ConvNetwork(int featureSize, long tokens, ConvOptions options)
        : base(nameof(Conv), options.Stride, options.Middle)
    {
        using var scope = torch.NewDisposeScope(); // Frees the temporary tensors of the initialization.
        convolutions = torch.nn.ModuleList(
        [
            Convolution(featureSize, options, options.Stride),
            .. Enumerable.Range(1, options.Layers - 1).Select(_ => Convolution(options.Hidden, options, stride: 1)),
        ]);
        norms = torch.nn.ModuleList([.. Enumerable.Range(0, options.Layers).Select(_ => torch.nn.LayerNorm(options.Hidden))]);
        dropout = torch.nn.Dropout(options.Dropout);
        output = torch.nn.Linear(options.Hidden, tokens);
        conditioning = MiddleStream.Conditioning(options.SelfConditioning, tokens, options.Hidden);
        RegisterComponents();
        foreach (Parameter weight in parameters()) weight.DetachFromDisposeScope(); // Weights belong to the network.
    }

    /// <inheritdoc/>
    public override EncoderOutput Read(Tensor features, Tensor frames)
    {
        using var scope = torch.NewDisposeScope();
        bool isEmpty = features.shape[0] == 0;
        Tensor hidden = isEmpty ? features.new_zeros(0, features.shape[1], output.in_features) : Layer(0, features, frames); // [T', B, H]
        Tensor left = Stride.OutputFrames(frames); // [B]
        Tensor? middleLogits = null;
        for (int layer = 1; layer < convolutions.Count; layer++)
        {
            if (layer == Middle)
            {
                middleLogits = output.call(dropout.call(hidden));
                hidden = MiddleStream.Conditioned(hidden, middleLogits, conditioning);
            }

            if (!isEmpty) hidden = hidden.add(dropout.call(Layer(layer, hidden, left)), One);
        }

        return MiddleStream.Output(dropout.call(hidden).MoveToOuterDisposeScope(), output, middleLogits?.MoveToOuterDisposeScope());
    }

    /// <summary>[T, B, F] to [T', B, H]. Padding is cleared before it is read, and left as it comes.</summary>
    private Tensor Layer(int layer, Tensor input, Tensor frames) =>
        Convolve(convolutions[layer], norms[layer], Padding.Cleared(input, frames));

    /// <summary>Keeps the frames in their places: the padding is half a kernel.</summary>
    private static Conv1d Convolution(int channels, ConvOptions options, int stride) =>
        torch.nn.Conv1d(channels, options.Hidden, options.Kernel, stride, padding: options.Kernel / 2);
}
