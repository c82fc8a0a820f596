using TorchSharp.Modules;

namespace Ctc.Experiments.Encoders;

/// <summary>The network of <see cref="Bilstm"/>. Its output for an utterance does not depend on the rest of the batch.</summary>
internal sealed class BilstmNetwork : StridedNetwork
{
    // The names of these fields are the names of the weights in a checkpoint.
    private readonly Conv1d? convolution;
    private readonly LayerNorm? norm;

    private readonly RecurrentLayers recurrent;

    public BilstmNetwork(int featureSize, long tokens, BilstmOptions options)
        : base(nameof(Bilstm), options.Stride ?? 1, options.Middle)
    {
        using var scope = torch.NewDisposeScope(); // Frees the temporary tensors of the initialization.
        bool convolves = options.Filters > 0;
        if (convolves)
        {
            convolution = torch.nn.Conv1d(featureSize, options.Filters, 2 * options.Context + 1, options.Stride ?? 1, padding: options.Context);
            norm = torch.nn.LayerNorm(options.Filters); // It ends the long start at which a CTC model answers nothing but blanks.
        }

        recurrent = new RecurrentLayers(convolves ? options.Filters : featureSize, tokens, options);
        RegisterComponents();
        recurrent.RegisterIn(this);

        // Weights belong to the network. Most leave the scope by themselves; an LSTM's would silently go with it.
        foreach (Parameter weight in parameters()) weight.DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public override EncoderOutput Read(Tensor features, Tensor frames)
    {
        using var scope = torch.NewDisposeScope();
        bool isEmpty = features.shape[0] == 0;
        return recurrent.Read(isEmpty ? features : Filtered(Padding.Cleared(features, frames)), Stride.OutputFrames(frames));
    }

    // [T, B, F] to [T', B, filters].
    private Tensor Filtered(Tensor features) => convolution is null ? features : Convolve(convolution, norm!, features);
}
