using TorchSharp.Modules;
using static TorchSharp.torch.nn.utils.rnn;

namespace Ctc.Experiments.Encoders;

/// <summary>The end of a network: LSTM layers in both directions, the stream <c>middle</c> between two of them, and a linear layer.</summary>
internal sealed class RecurrentLayers
{
    private static readonly Scalar One = 1L;

    private readonly LSTM lstm; // the layers up to the middle, if there is one
    private readonly LSTM? upper;
    private readonly Linear? conditioning;
    private readonly Dropout dropout;
    private readonly Linear output;

    /// <summary>Creates the layers, with weights drawn from the global random generator.</summary>
    /// <param name="inputs">The numbers in a frame.</param>
    /// <param name="tokens">V.</param>
    /// <param name="options">The size.</param>
    public RecurrentLayers(long inputs, long tokens, RecurrentOptions options)
    {
        lstm = Recurrent(inputs, options.Middle ?? options.Layers, options);
        if (options.Middle is { } lower) upper = Recurrent(2 * options.Hidden, options.Layers - lower, options);
        dropout = torch.nn.Dropout(options.Dropout);
        output = torch.nn.Linear(2 * options.Hidden, tokens);
        conditioning = MiddleStream.Conditioning(options.SelfConditioning, tokens, 2 * options.Hidden);
    }

    /// <summary>Registers the layers with a network, under the names that its weights have in checkpoints.</summary>
    public void RegisterIn(Encoder network)
    {
        (string Name, torch.nn.Module? Layer)[] layers =
        [
            (nameof(lstm), lstm), (nameof(upper), upper), (nameof(conditioning), conditioning), (nameof(dropout), dropout), (nameof(output), output),
        ];
        foreach ((string name, torch.nn.Module? layer) in layers)
        {
            if (layer is not null) network.register_module(name, layer);
        }
    }

    /// <summary>Reads a batch. The output belongs to the scope around the current dispose scope, which is that of the network's step.</summary>
    /// <param name="input">[T', B, inputs]; of any width if T' is 0.</param>
    /// <param name="frames">[B] lengths of type int64, on the CPU.</param>
    public EncoderOutput Read(Tensor input, Tensor frames)
    {
        Tensor hidden = Through(lstm, input, frames); // [T', B, 2H]
        if (upper is null) return MiddleStream.Output(dropout.call(hidden).MoveToOuterDisposeScope(), output, null);

        Tensor middleLogits = output.call(dropout.call(hidden));
        hidden = Through(upper, dropout.call(MiddleStream.Conditioned(hidden, middleLogits, conditioning)), frames);
        return MiddleStream.Output(dropout.call(hidden).MoveToOuterDisposeScope(), output, middleLogits.MoveToOuterDisposeScope());
    }

    /// <summary>Each direction starts at an utterance's own end, because packed sequences have no padding.</summary>
    private Tensor Through(LSTM layers, Tensor input, Tensor frames)
    {
        if (input.shape[0] == 0) return input.new_zeros(0, input.shape[1], output.in_features);

        // A packed sequence cannot be empty: an utterance without frames counts as one frame, and its output is ignored.
        using PackedSequence packed = pack_padded_sequence(input, frames.clamp_min(One), enforce_sorted: false);
        (PackedSequence read, _, _) = layers.call(packed);
        using (read)
        {
            return pad_packed_sequence(read, total_length: input.shape[0]).Item1;
        }
    }

    private static LSTM Recurrent(long inputs, int layers, RecurrentOptions options)
    {
        double betweenLayers = layers > 1 ? options.Dropout : 0; // libtorch warns about dropout with one layer.
        return torch.nn.LSTM(inputs, options.Hidden, layers, dropout: betweenLayers, bidirectional: true);
    }
}
