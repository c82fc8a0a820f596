using Ctc.Engine.Recursions.Differentiable;

namespace Ctc.Engine.Recursions.Autograd;

/// <summary>ln Z by the differentiable recursion: forward the loop over time, backward the posterior.</summary>
internal sealed class DifferentiableLogPartition : LogPartitionNode<DifferentiableLogPartition, SavedLattice>
{
    /// <summary>Computes ln Z, joined to autograd.</summary>
    /// <param name="lattice">Of the type and on the device of the emissions.</param>
    /// <param name="emissions">[T, B, S], T ≥ 1: the score of each state in each frame.</param>
    /// <param name="frames">[B] lengths.</param>
    /// <returns>
    /// [B] ln Z: −∞ with gradient 0 where no path explains the frames, undefined for a length of 0; and [T, B, S] α without gradient.
    /// </returns>
    public static (Tensor LogZ, Tensor Alphas) Compute(Lattice lattice, Tensor emissions, Tensor frames)
    {
        var saved = new SavedLattice(lattice, frames);
        Tensor logZ = Apply(saved, emissions);
        return (logZ, saved.Tables[0]);
    }

    /// <inheritdoc/>
    protected override Tensor Forward(SavedLattice saved, Tensor input)
    {
        using OneThread alone = OneThread.For(input.device);
        Tensor alphas = DifferentiableRecursion.Alphas(saved.Lattice, input).MoveToOuterDisposeScope();
        saved.Tables = [alphas];
        return DifferentiableRecursion.LogPartition(saved.Lattice, alphas, saved.Frames);
    }

    /// <inheritdoc/>
    protected override Tensor?[] Gradients(SavedLattice saved, List<Tensor> tensors, Tensor upstream)
    {
        using OneThread alone = OneThread.For(upstream.device);
        (Lattice lattice, Tensor emissions, Tensor frames, IReadOnlyList<Tensor> tables) = saved.Unpack(tensors);
        Tensor alphas = torch.is_grad_enabled() ? DifferentiableRecursion.Alphas(lattice, emissions) : tables[0];
        return DifferentiableRecursion.Gradients(lattice, frames, alphas, upstream);
    }
}
