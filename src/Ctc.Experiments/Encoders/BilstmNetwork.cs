using TorchSharp.Modules;
using static TorchSharp.torch.nn.utils.rnn;

namespace Ctc.Experiments.Encoders;

/// <summary>The network of <see cref="Bilstm"/>. Its output for an utterance does not depend on the rest of the batch.</summary>
internal sealed class BilstmNetwork : Encoder
{
    private static readonly Scalar One = 1L;

    private readonly FrameStride stride;
    private readonly int? middle;

    // The names of these fields are the names of the weights in a checkpoint.
    private readonly Conv1d? convolution;
    private readonly LayerNorm? norm;
    private readonly LSTM lstm; // the layers up to the middle, if there is one
    private readonly LSTM? upper;
    private readonly Linear? conditioning;
    private readonly Dropout dropout;
    private readonly Linear output;

    public BilstmNetwork(int featureSize, long tokens, BilstmOptions options)
        : base(nameof(Bilstm))
    {
        using var scope = torch.NewDisposeScope(); // Frees the temporary tensors of the initialization.
        bool convolves = options.Filters > 0;
        middle = options.Middle;
        int joined = options.Stride ?? 1;
        stride = new FrameStride(joined);
        if (convolves)
        {
            convolution = torch.nn.Conv1d(featureSize, options.Filters, 2 * options.Context + 1, joined, padding: options.Context);
            norm = torch.nn.LayerNorm(options.Filters); // It ends the long start at which a CTC model answers nothing but blanks.
        }

        lstm = Recurrent(convolves ? options.Filters : featureSize, middle ?? options.Layers, options);
        if (middle is { } lower) upper = Recurrent(2 * options.Hidden, options.Layers - lower, options);
        dropout = torch.nn.Dropout(options.Dropout);
        output = torch.nn.Linear(2 * options.Hidden, tokens);
        conditioning = MiddleStream.Conditioning(options.SelfConditioning, tokens, 2 * options.Hidden);
        RegisterComponents();

        // Weights belong to the network. Most leave the scope by themselves; an LSTM's would silently go with it.
        foreach (Parameter weight in parameters()) weight.DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public override long OutputFrames(long frames) => stride.OutputFrames(frames);

    /// <inheritdoc/>
    public override IReadOnlyList<StreamShape> Streams => MiddleStream.Streams(middle);

    public override Tensor forward(Tensor features, Tensor frames)
    {
        using var scope = torch.NewDisposeScope();
        return Read(features, frames).Logits.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override EncoderOutput Read(Tensor features, Tensor frames)
    {
        using var scope = torch.NewDisposeScope();
        bool isEmpty = features.shape[0] == 0;
        Tensor outputFrames = stride.OutputFrames(frames);
        Tensor Recur(LSTM layers, Tensor input) =>
            isEmpty ? features.new_zeros(0, features.shape[1], output.in_features) : Through(layers, input, outputFrames);
        Tensor hidden = Recur(lstm, isEmpty ? features : Convolve(Padding.Cleared(features, frames))); // [T', B, 2H]
        if (upper is null) return MiddleStream.Output(dropout.call(hidden).MoveToOuterDisposeScope(), output, null);

        Tensor middleLogits = output.call(dropout.call(hidden));
        hidden = Recur(upper, dropout.call(MiddleStream.Conditioned(hidden, middleLogits, conditioning)));
        return MiddleStream.Output(dropout.call(hidden).MoveToOuterDisposeScope(), output, middleLogits.MoveToOuterDisposeScope());
    }

    private static LSTM Recurrent(long inputs, int layers, BilstmOptions options)
    {
        double betweenLayers = layers > 1 ? options.Dropout : 0; // libtorch warns about dropout with one layer.
        return torch.nn.LSTM(inputs, options.Hidden, layers, dropout: betweenLayers, bidirectional: true);
    }

    private Tensor Convolve(Tensor features) => convolution is null
        ? features
        // [T, B, F] → [B, F, T] → [T', B, filters]
        : norm!.call(ChannelPadding.Call(convolution, features.permute(1, 2, 0)).permute(2, 0, 1)).relu();

    /// <summary>Each direction starts at an utterance's own end, because packed sequences have no padding.</summary>
    private static Tensor Through(LSTM layers, Tensor input, Tensor frames)
    {
        // A packed sequence cannot be empty: an utterance without frames counts as one frame, and its output is ignored.
        using PackedSequence packed = pack_padded_sequence(input, frames.clamp_min(One), enforce_sorted: false);
        (PackedSequence read, _, _) = layers.call(packed);
        using (read)
        {
            return pad_packed_sequence(read, total_length: input.shape[0]).Item1;
        }
    }
}
