namespace Ctc.Experiments.Training;

/// <summary>
/// The output of an encoder as leaves of a graph of its own: the gradients of logits and streams are collected, and then go back together.
/// </summary>
internal sealed class OutputLeaves
{
    private readonly (Tensor Of, Tensor Leaf)[] pairs;

    private OutputLeaves(EncoderOutput output, (Tensor Of, Tensor Leaf)[] pairs) => (Output, this.pairs) = (output, pairs);

    /// <summary>Gets the output for the objective.</summary>
    public EncoderOutput Output { get; }

    /// <summary>Detaches the output of an encoder. The tensors belong to the caller's dispose scope.</summary>
    /// <param name="output">The output.</param>
    /// <param name="inChunks">Whether the objective reads the hidden states and the last layer, and not the logits.</param>
    public static OutputLeaves Create(EncoderOutput output, bool inChunks = false)
    {
        Dictionary<string, Tensor> streams = output.Streams.ToDictionary(stream => stream.Key, stream => Leaf(stream.Value));
        (Tensor Of, Tensor Leaf)[] ofStreams = [.. streams.Select(stream => (output.Streams[stream.Key], stream.Value))];
        if (inChunks && output.Linear is { } given)
        {
            // Parameters are leaves already; their gradient arrives at once.
            Tensor Own(Tensor weight) => weight.is_leaf ? weight : Leaf(weight);
            var linear = new LinearOutput(Leaf(given.Hidden), Own(given.Weight), given.Bias is null ? null : Own(given.Bias));
            var pairs = new List<(Tensor Of, Tensor Leaf)> { (given.Hidden, linear.Hidden), (given.Weight, linear.Weight) };
            if (given.Bias is not null) pairs.Add((given.Bias, linear.Bias!));
            return new OutputLeaves(
                new EncoderOutput(linear) { Streams = streams, StreamFrames = output.StreamFrames },
                [.. pairs.Where(pair => !ReferenceEquals(pair.Of, pair.Leaf)), .. ofStreams]);
        }

        Tensor logits = Leaf(output.Logits);
        return new OutputLeaves(
            new EncoderOutput(logits) { Streams = streams, StreamFrames = output.StreamFrames },
            [(output.Logits, logits), .. ofStreams]);
    }

    /// <summary>Continues into the encoder from every tensor that has a gradient, in one pass.</summary>
    public void Backward()
    {
        (Tensor Of, Tensor Gradient)[] reached =
            [.. from pair in pairs where pair.Of.requires_grad && pair.Leaf.grad is not null select (pair.Of, pair.Leaf.grad!)];
        if (reached.Length > 0) torch.autograd.backward([.. reached.Select(pair => pair.Of)], [.. reached.Select(pair => pair.Gradient)]);
    }

    private static Tensor Leaf(Tensor tensor) => tensor.is_floating_point() ? tensor.detach().requires_grad_() : tensor;
}
