using TorchSharp.Modules;
using static TorchSharp.torch.nn.utils.rnn;

namespace Ctc.Experiments.Encoders;

/// <summary>The network of <see cref="Bilstm"/>. Its output for an utterance does not depend on the rest of the batch.</summary>
internal sealed class BilstmNetwork : Encoder
{
    private static readonly Scalar One = 1L;

    private readonly FrameStride stride;

    // The names of these fields are the names of the weights in a checkpoint.
    private readonly Conv1d? convolution;
    private readonly LayerNorm? norm;
    private readonly LSTM lstm;
    private readonly Dropout dropout;
    private readonly Linear output;

    public BilstmNetwork(int featureSize, long tokens, BilstmOptions options)
        : base(nameof(Bilstm))
    {
        using var scope = torch.NewDisposeScope(); // Frees the temporary tensors of the initialization.
        bool convolves = options.Filters > 0;
        int joined = options.Stride ?? 1;
        stride = new FrameStride(joined);
        if (convolves)
        {
            convolution = torch.nn.Conv1d(featureSize, options.Filters, 2 * options.Context + 1, joined, padding: options.Context);
            norm = torch.nn.LayerNorm(options.Filters); // It ends the long start at which a CTC model answers nothing but blanks.
        }

        double betweenLayers = options.Layers > 1 ? options.Dropout : 0; // libtorch warns about dropout with one layer.
        lstm = torch.nn.LSTM(convolves ? options.Filters : featureSize, options.Hidden, options.Layers, dropout: betweenLayers, bidirectional: true);
        dropout = torch.nn.Dropout(options.Dropout);
        output = torch.nn.Linear(2 * options.Hidden, tokens);
        RegisterComponents();

        // Weights belong to the network. Most leave the scope by themselves; an LSTM's would silently go with it.
        foreach (Parameter weight in parameters()) weight.DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public override long OutputFrames(long frames) => stride.OutputFrames(frames);

    public override Tensor forward(Tensor features, Tensor frames)
    {
        using var scope = torch.NewDisposeScope();
        Tensor hidden = features.shape[0] == 0
            ? features.new_zeros(0, features.shape[1], output.in_features)
            : Recur(Convolve(Padding.Cleared(features, frames)), stride.OutputFrames(frames)); // [T', B, 2H]
        return output.call(dropout.call(hidden)).MoveToOuterDisposeScope();
    }

    private Tensor Convolve(Tensor features) => convolution is null
        ? features
        // [T, B, F] → [B, F, T] → [T', B, filters]
        : norm!.call(ChannelPadding.Call(convolution, features.permute(1, 2, 0)).permute(2, 0, 1)).relu();

    /// <summary>Each direction starts at an utterance's own end, because packed sequences have no padding.</summary>
    private Tensor Recur(Tensor input, Tensor frames)
    {
        // A packed sequence cannot be empty: an utterance without frames counts as one frame, and its output is ignored.
        using PackedSequence packed = pack_padded_sequence(input, frames.clamp_min(One), enforce_sorted: false);
        (PackedSequence read, _, _) = lstm.call(packed);
        using (read)
        {
            return pad_packed_sequence(read, total_length: input.shape[0]).Item1;
        }
    }
}
