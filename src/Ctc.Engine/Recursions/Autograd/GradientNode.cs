using System.Diagnostics;
using static TorchSharp.torch.autograd;

namespace Ctc.Engine.Recursions.Autograd;

/// <summary>A node of the gradient graph with one result, whose gradients have derivatives if they are wanted.</summary>
/// <remarks>
/// If gradients of gradients are wanted, gradients are being recorded during the backward pass, which then uses operations that have derivatives: so
/// derivatives of any order are right. An exception in a backward pass would end the process: the gradients are NaN instead, and the exception is
/// traced.
/// </remarks>
/// <typeparam name="TSelf">The node.</typeparam>
/// <typeparam name="TSaved">The data that it passes to its backward pass.</typeparam>
internal abstract class GradientNode<TSelf, TSaved> : SingleTensorFunction<TSelf>
    where TSelf : GradientNode<TSelf, TSaved>, new()
    where TSaved : SavedInputs
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
        Tensor result = Forward(saved, (Tensor)vars[0]);
        ctx.save_for_backward(saved.Pack((Tensor)vars[0]));
        ctx.save_data(nameof(SavedInputs), saved);
        return result.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using Tensor upstream = grad_output; // a handle created for this call
        var saved = (TSaved)ctx.get_data(nameof(SavedInputs));
        foreach (Tensor? taken in handedOver ?? []) taken?.Dispose();
        try
        {
            handedOver = Gradients(saved, ctx.get_saved_variables(), upstream);
        }
        catch (Exception failure)
        {
            Trace.TraceError(failure.ToString());
            handedOver = [.. saved.Shapes.Select(shape => torch.full(shape, Scalars.NotANumber, upstream.dtype, upstream.device))];
        }

        foreach (Tensor? gradient in handedOver) gradient?.MoveToOuterDisposeScope();
        return [.. handedOver.Select(gradient => gradient!), null!];
    }

    /// <summary>Computes the result, and stores in <paramref name="saved"/> what the backward pass needs.</summary>
    /// <param name="saved">The data.</param>
    /// <param name="input">The first input of the node.</param>
    /// <returns>The result.</returns>
    protected abstract Tensor Forward(TSaved saved, Tensor input);

    /// <summary>Computes the gradients.</summary>
    /// <param name="saved">The data of the forward pass.</param>
    /// <param name="tensors">Those of <see cref="SavedInputs.Pack"/>, as new handles.</param>
    /// <param name="upstream">The incoming gradient, of the shape of the result.</param>
    /// <returns>With respect to each input of the node; null for those that do not require grad.</returns>
    protected abstract Tensor?[] Gradients(TSaved saved, List<Tensor> tensors, Tensor upstream);
}
