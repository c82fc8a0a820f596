namespace Ctc.Engine.Recursions.Linear;

/// <summary>The gradients with respect to hidden states and a linear layer; null for those that are not wanted.</summary>
internal sealed class LinearGradients
{
    /// <summary>Gets [T, B, H], 0 in padding.</summary>
    public Tensor? Hidden { get; private init; }

    /// <summary>Gets [V, H].</summary>
    public Tensor? Weight { get; private init; }

    /// <summary>Gets [V].</summary>
    public Tensor? Bias { get; private init; }

    /// <summary>Gets those that are wanted.</summary>
    public IEnumerable<Tensor> Tensors => new[] { Hidden, Weight, Bias }.OfType<Tensor>();

    /// <summary>Creates zeros for the gradients that are wanted.</summary>
    /// <param name="output">The inputs.</param>
    /// <param name="wanted">Whether those of hidden states, weight and bias are wanted.</param>
    public static LinearGradients CreateZeros(LinearOutput output, (bool Hidden, bool Weight, bool Bias) wanted)
    {
        return new LinearGradients
        {
            Hidden = Zeros(output.Hidden, wanted.Hidden),
            Weight = Zeros(output.Weight, wanted.Weight),
            Bias = Zeros(output.Bias, wanted.Bias),
        };

        static Tensor? Zeros(Tensor? input, bool isWanted) => isWanted ? torch.zeros(input!.shape, input.dtype) : null;
    }

    /// <summary>Joins tensors in the order of <see cref="Tensors"/> again.</summary>
    /// <param name="tensors">As many as there are gradients.</param>
    /// <returns>The same memory. Operations in place do not count as changes of the given tensors.</returns>
    public LinearGradients With(IEnumerable<Tensor> tensors)
    {
        var rest = new Queue<Tensor>(tensors);
        return new LinearGradients { Hidden = Next(Hidden), Weight = Next(Weight), Bias = Next(Bias) };

        Tensor? Next(Tensor? own) => own is null ? null : Alias(rest.Dequeue()); // its owner may have disposed it

        static Tensor Alias(Tensor tensor) => torch.empty([0], tensor.dtype).set_(tensor);
    }
}
