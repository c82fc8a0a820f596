namespace Ctc;

/// <summary>Logits that are not computed yet: the hidden states of a network, and the linear layer that maps them to logits.</summary>
/// <remarks>A loss can be computed from these without a tensor of all logits, which is larger than everything else in large vocabularies.</remarks>
public sealed class LinearOutput
{
    /// <summary>Joins hidden states and a linear layer.</summary>
    /// <param name="hidden">[T, B, H], what the layer reads; padding may hold anything.</param>
    /// <param name="weight">[V, H], of the type and on the device of the hidden states.</param>
    /// <param name="bias">[V]; null for none.</param>
    /// <exception cref="ArgumentException">The shapes do not fit one another.</exception>
    public LinearOutput(Tensor hidden, Tensor weight, Tensor? bias)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        ArgumentNullException.ThrowIfNull(weight);
        if (hidden.dim() != 3) throw Wrong("hidden states", hidden, "[T, B, H]", nameof(hidden));
        if (weight.dim() != 2 || weight.shape[1] != hidden.shape[2]) throw Wrong("weight", weight, $"[V, {hidden.shape[2]}]", nameof(weight));
        bool fits = bias is null || (bias.dim() == 1 && bias.shape[0] == weight.shape[0]);
        if (!fits) throw Wrong("bias", bias!, $"[{weight.shape[0]}]", nameof(bias));
        (Hidden, Weight, Bias) = (hidden, weight, bias);
    }

    /// <summary>Gets [T, B, H] the hidden states.</summary>
    public Tensor Hidden { get; }

    /// <summary>Gets [V, H] the weight of the layer.</summary>
    public Tensor Weight { get; }

    /// <summary>Gets [V] the bias of the layer.</summary>
    /// <value>Null if it has none.</value>
    public Tensor? Bias { get; }

    /// <summary>Computes the logits, as <c>torch.nn.Linear</c> does.</summary>
    /// <returns>[T, B, V].</returns>
    public Tensor ComputeLogits() => torch.nn.functional.linear(Hidden, Weight, Bias);

    private static ArgumentException Wrong(string what, Tensor tensor, string expected, string parameter) =>
        new($"The {what} of the linear layer: shape [{string.Join(", ", tensor.shape)}]; expected {expected}.", parameter);
}
