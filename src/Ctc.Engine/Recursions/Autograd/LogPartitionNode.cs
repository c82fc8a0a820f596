using System.Diagnostics;
using static TorchSharp.torch.autograd;

namespace Ctc.Engine.Recursions.Autograd;

/// <summary>ln Z of a batch as one node of the gradient graph, common to both recursions.</summary>
/// <remarks>
/// Recording the loop over time instead would give the same gradients, from twenty nodes a frame. If gradients of gradients are wanted, gradients
/// are being recorded during the backward pass, which then uses operations that have derivatives: so derivatives of any order are right.
/// An exception in a backward pass would end the process: the gradients are NaN instead, and the exception is traced.
/// </remarks>
/// <typeparam name="TSelf">The node.</typeparam>
/// <typeparam name="TSaved">The data that it passes to its backward pass.</typeparam>
internal abstract class LogPartitionNode<TSelf, TSaved> : SingleTensorFunction<TSelf>
    where TSelf : LogPartitionNode<TSelf, TSaved>, new()
    where TSaved : SavedLattice
{
    // The gradients of the last backward pass on this thread. Native autograd takes a reference after the return; until then the
    // managed handles must not be finalised.
    [ThreadStatic]
    private static Tensor?[]? handedOver;

    /// <inheritdoc/>
    public override string Name => typeof(TSelf).Name;

    /// <inheritdoc/>
    public override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var saved = (TSaved)vars[^1];
        Tensor logZ = Forward(saved, (Tensor)vars[0]);
        ctx.save_for_backward(saved.Pack((Tensor)vars[0]));
        ctx.save_data(nameof(SavedLattice), saved);
        return logZ.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using Tensor upstream = grad_output; // a handle created for this call
        var saved = (TSaved)ctx.get_data(nameof(SavedLattice));
        foreach (Tensor? taken in handedOver ?? []) taken?.Dispose();
        try
        {
            handedOver = Gradients(saved, ctx.get_saved_variables(), upstream);
        }
        catch (Exception failure)
        {
            Trace.TraceError(failure.ToString());
            handedOver = [.. saved.Shapes.Select(shape => torch.full(shape, double.NaN, upstream.dtype, upstream.device))];
        }

        foreach (Tensor? gradient in handedOver) gradient?.MoveToOuterDisposeScope();
        return [.. handedOver.Select(gradient => gradient!), null!];
    }

    /// <summary>Creates the node, which runs its forward pass.</summary>
    /// <param name="saved">The lattice.</param>
    /// <param name="input">The first input of the node: scores or emissions.</param>
    /// <returns>[B] ln Z.</returns>
    protected static Tensor Apply(TSaved saved, Tensor input) =>
        apply(input, saved.Lattice.Arcs.Scores, saved.Lattice.Initial, saved.Lattice.Final, saved);

    /// <summary>Computes ln Z, and stores in <paramref name="saved"/> what the backward pass needs.</summary>
    /// <param name="saved">The lattice.</param>
    /// <param name="input">The first input of the node.</param>
    /// <returns>[B] ln Z.</returns>
    protected abstract Tensor Forward(TSaved saved, Tensor input);

    /// <summary>Computes the gradients.</summary>
    /// <param name="saved">The data of the forward pass.</param>
    /// <param name="tensors">For <see cref="SavedLattice.Unpack"/>.</param>
    /// <param name="upstream">[B] the incoming gradient; any number where no path explains the frames.</param>
    /// <returns>With respect to the input, the arc scores, the initial and the final scores; null for those that do not require grad.</returns>
    protected abstract Tensor?[] Gradients(TSaved saved, List<Tensor> tensors, Tensor upstream);
}
