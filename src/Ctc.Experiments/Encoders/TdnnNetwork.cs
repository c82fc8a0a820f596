using TorchSharp.Modules;

namespace Ctc.Experiments.Encoders;

/// <summary>The network of <see cref="Tdnn"/>. Its output for an utterance does not depend on the rest of the batch.</summary>
internal sealed class TdnnNetwork : StridedNetwork
{
    /// <summary>The name of the stream.</summary>
    public const string NarrowStream = "narrow";

    private const int Kernel = 3;

    private static readonly Scalar One = 1L;
    private static readonly int[] Dilations = [1, 2, 4];

    private readonly int joined; // frames

    // The names of these fields are the names of the weights in a checkpoint.
    private readonly ModuleList<Conv1d> narrowing; // a frame alone, then with its neighbours
    private readonly ModuleList<LayerNorm> narrowNorms;
    private readonly Linear? narrow;
    private readonly Conv1d joining;
    private readonly LayerNorm joinedNorm;
    private readonly ModuleList<Conv1d> convolutions;
    private readonly ModuleList<LayerNorm> norms; // one after each dilated convolution
    private readonly LayerNorm lastNorm; // of the sum, whose mean grows with each layer
    private readonly Dropout dropout;
    private readonly Linear output;

    public TdnnNetwork(int featureSize, long tokens, TdnnOptions options)
        : base(nameof(Tdnn), options.Stride, middle: null)
    {
        using var scope = torch.NewDisposeScope(); // Frees the temporary tensors of the initialization.
        joined = options.Stride;
        int hidden = options.Hidden;
        narrowing = torch.nn.ModuleList([torch.nn.Conv1d(featureSize, hidden, 1), Convolution(dilation: 1)]);
        narrowNorms = torch.nn.ModuleList([torch.nn.LayerNorm(hidden), torch.nn.LayerNorm(hidden)]);
        narrow = options.Narrow ? torch.nn.Linear(hidden, tokens) : null;
        int overlap = (joined + 1) / 2; // on each side
        joining = torch.nn.Conv1d(hidden, hidden, joined + (2 * overlap), joined, padding: overlap);
        joinedNorm = torch.nn.LayerNorm(hidden);
        convolutions = torch.nn.ModuleList([.. Enumerable.Range(0, options.Layers).Select(k => Convolution(Dilations[k % Dilations.Length]))]);
        norms = torch.nn.ModuleList([.. Enumerable.Range(0, options.Layers).Select(_ => torch.nn.LayerNorm(hidden))]);
        lastNorm = torch.nn.LayerNorm(hidden);
        dropout = torch.nn.Dropout(options.Dropout);
        output = torch.nn.Linear(hidden, tokens);
        RegisterComponents();
        foreach (Parameter weight in parameters()) weight.DetachFromDisposeScope(); // Weights belong to the network.

        Conv1d Convolution(int dilation) => torch.nn.Conv1d(hidden, hidden, Kernel, padding: dilation, dilation: dilation);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<StreamShape> Streams => narrow is null ? [] : [new StreamShape(NarrowStream)];

    /// <inheritdoc/>
    public override long StreamFrames(string stream, long frames) => frames;

    /// <inheritdoc/>
    public override EncoderOutput Read(Tensor features, Tensor frames)
    {
        using var scope = torch.NewDisposeScope();
        bool isEmpty = features.shape[0] == 0;
        Tensor seen = isEmpty ? features.new_zeros(0, features.shape[1], output.in_features) : See(features, frames); // [T, B, H]
        Tensor hidden = isEmpty ? seen : Join(seen, frames); // [T', B, H]
        Tensor left = Stride.OutputFrames(frames); // [B]
        for (int layer = 0; !isEmpty && layer < convolutions.Count; layer++)
        {
            hidden = hidden.add(dropout.call(Convolve(convolutions[layer], norms[layer], Padding.Cleared(hidden, left))), One);
        }

        var linear = new LinearOutput(dropout.call(lastNorm.call(hidden)).MoveToOuterDisposeScope(), output.weight!, output.bias);
        if (narrow is null) return new EncoderOutput(linear);
        Tensor alone = narrow.call(dropout.call(seen)).MoveToOuterDisposeScope();
        return new EncoderOutput(linear) { Streams = new Dictionary<string, Tensor> { [NarrowStream] = alone } };
    }

    // [T, B, F] to [T, B, H].
    private Tensor See(Tensor features, Tensor frames)
    {
        Tensor alone = Convolve(narrowing[0], narrowNorms[0], Padding.Cleared(features, frames));
        return Convolve(narrowing[1], narrowNorms[1], Padding.Cleared(alone, frames));
    }

    // [T, B, H] to [T', B, H]. The last frame joins zeros with what is left.
    private Tensor Join(Tensor seen, Tensor frames)
    {
        long rest = (Stride.OutputFrames(seen.shape[0]) * joined) - seen.shape[0];
        Tensor cleared = torch.nn.functional.pad(Padding.Cleared(seen, frames), [0, 0, 0, 0, 0, rest]);
        return Convolve(joining, joinedNorm, cleared);
    }
}
