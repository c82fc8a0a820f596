using System.Diagnostics;
using static TorchSharp.torch.autograd;

namespace Ctc.Engine.Recursions.Autograd;

/// <summary>ln Z of a batch as one node of the gradient graph, whichever recursion walks.</summary>
/// <remarks>
/// Recording the loop over time instead would give the same gradients, from twenty nodes a frame. Where gradients of gradients are wanted, the backward
/// pass finds that gradients are being recorded, and walks with operations that are: so derivatives of any order are right.
/// An exception must not leave a backward pass, for it would end the process: gradients of NaN take its place.
/// </remarks>
internal abstract class PartitionNode<TSelf> : SingleTensorFunction<TSelf>
    where TSelf : PartitionNode<TSelf>, new()
{
    // What autograd was given last. It knows the handles alone, and takes its own hold of the tensors before anything else runs on this thread;
    // until then they must not be collected.
    [ThreadStatic]
    private static Tensor?[]? handedOver;

    /// <inheritdoc/>
    public override string Name => typeof(TSelf).Name;

    /// <inheritdoc/>
    public override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var walk = (LatticeWalk)vars[^1];
        Tensor logZ = Forward(walk, (Tensor)vars[0]);
        ctx.save_for_backward(walk.Pack((Tensor)vars[0]));
        ctx.save_data(nameof(LatticeWalk), walk);
        return logZ.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using Tensor upstream = grad_output; // a handle made for this call
        var walk = (LatticeWalk)ctx.get_data(nameof(LatticeWalk));
        foreach (Tensor? taken in handedOver ?? []) taken?.Dispose();
        try
        {
            handedOver = Gradients(walk, ctx.get_saved_variables(), upstream);
        }
        catch (Exception failure)
        {
            Trace.TraceError(failure.ToString());
            handedOver = [.. walk.Shapes.Select(shape => torch.full(shape, double.NaN, upstream.dtype, upstream.device))];
        }

        foreach (Tensor? gradient in handedOver) gradient?.MoveToOuterDisposeScope();
        return [.. handedOver.Select(gradient => gradient!), null!];
    }

    /// <summary>Makes the node.</summary>
    /// <returns>[B] ln Z.</returns>
    protected static Tensor Apply(LatticeWalk walk, Tensor input) =>
        apply(input, walk.Lattice.Arcs.Scores, walk.Lattice.Initial, walk.Lattice.Final, walk);

    /// <summary>Walks forward, and keeps in the walk what the way back needs.</summary>
    /// <param name="walk">The lattice.</param>
    /// <param name="input">What the frames score: the first input of the node.</param>
    /// <returns>[B] ln Z.</returns>
    protected abstract Tensor Forward(LatticeWalk walk, Tensor input);

    /// <summary>The gradients.</summary>
    /// <param name="walk">The lattice.</param>
    /// <param name="saved">For <see cref="LatticeWalk.Unpack"/>.</param>
    /// <param name="upstream">[B] the incoming gradient; anything where no path explains the frames.</param>
    /// <returns>With respect to the input, the arcs', the initial and the final scores; null where nobody asks.</returns>
    protected abstract Tensor?[] Gradients(LatticeWalk walk, List<Tensor> saved, Tensor upstream);
}
