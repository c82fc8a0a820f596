namespace Ctc.Engine.Recursions.Autograd;

/// <summary>The data that a node of the gradient graph passes from its forward to its backward pass.</summary>
internal abstract class SavedInputs
{
    /// <summary>Gets the shapes of the inputs of the node, after <see cref="Pack"/>.</summary>
    public long[][] Shapes { get; protected set; } = [];

    /// <summary>Collects the tensors that autograd saves, and the shapes of the inputs.</summary>
    /// <param name="input">The first input of the node.</param>
    public abstract List<Tensor> Pack(Tensor input);
}
