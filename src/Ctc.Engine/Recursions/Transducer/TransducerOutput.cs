namespace Ctc.Engine.Recursions.Transducer;

/// <summary>
/// The logits of a transducer that are not computed yet: hidden states of an encoder and of a prediction network, and the layer that joins them.
/// </summary>
/// <remarks>
/// The logits of place (t, u) are W·tanh(f_t + g_u) + b. As a tensor they need B·T·(U+1)·V numbers, and the hidden states before them
/// B·T·(U+1)·H; <see cref="TransducerRecursion.LogLikelihoodFromJoint"/> makes neither. Source of this joint network: Graves et al., "Speech
/// recognition with deep recurrent neural networks", ICASSP 2013.
/// </remarks>
public sealed class TransducerOutput
{
    /// <summary>Joins hidden states and a layer.</summary>
    /// <param name="frames">[B, T, H] of the encoder; padding may hold anything.</param>
    /// <param name="predictions">[B, U+1, H] of the prediction network, after u tokens of the target; padding may hold anything.</param>
    /// <param name="weight">[V, H].</param>
    /// <param name="bias">[V]; null for none.</param>
    /// <exception cref="ArgumentException">The shapes do not fit one another, or the tensors are not of one type.</exception>
    public TransducerOutput(Tensor frames, Tensor predictions, Tensor weight, Tensor? bias)
    {
        ArgumentNullException.ThrowIfNull(frames);
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentNullException.ThrowIfNull(weight);
        if (frames.dim() != 3) throw Wrong(frames, "[B, T, H]", nameof(frames));
        (long batch, long hidden) = (frames.shape[0], frames.shape[2]);
        bool fit = predictions.dim() == 3 && predictions.shape[0] == batch && predictions.shape[1] > 0 && predictions.shape[2] == hidden;
        if (!fit) throw Wrong(predictions, $"[{batch}, U+1, {hidden}]", nameof(predictions));
        if (weight.dim() != 2 || weight.shape[1] != hidden) throw Wrong(weight, $"[V, {hidden}]", nameof(weight));
        if (bias is not null && (bias.dim() != 1 || bias.shape[0] != weight.shape[0])) throw Wrong(bias, $"[{weight.shape[0]}]", nameof(bias));
        foreach (Tensor? other in new[] { predictions, weight, bias })
        {
            if (other is null || (other.dtype == frames.dtype && other.device.type == frames.device.type)) continue;
            throw new ArgumentException($"The inputs are of types {frames.dtype} and {other.dtype}; expected one, on one device.", nameof(weight));
        }

        (Frames, Predictions, Weight, Bias) = (frames, predictions, weight, bias);
    }

    /// <summary>Gets [B, T, H] the hidden states of the encoder.</summary>
    public Tensor Frames { get; }

    /// <summary>Gets [B, U+1, H] the hidden states of the prediction network.</summary>
    public Tensor Predictions { get; }

    /// <summary>Gets [V, H] the weight of the layer.</summary>
    public Tensor Weight { get; }

    /// <summary>Gets [V] the bias of the layer.</summary>
    /// <value>Null if it has none.</value>
    public Tensor? Bias { get; }

    /// <summary>Computes the logits.</summary>
    /// <returns>[B, T, U+1, V].</returns>
    public Tensor ComputeLogits() => torch.nn.functional.linear(Frames.unsqueeze(2).Plus(Predictions.unsqueeze(1)).tanh(), Weight, Bias);

    private static ArgumentException Wrong(Tensor tensor, string expected, string parameter) =>
        new($"The {parameter} have shape [{string.Join(", ", tensor.shape)}]; expected {expected}.", parameter);
}
