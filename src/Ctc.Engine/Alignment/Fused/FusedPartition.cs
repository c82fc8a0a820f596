namespace Ctc.Engine.Alignment.Fused;

/// <summary>ln Z by the fused recursion. The way back has been walked already when the gradient arrives: it is laid on the occupancies.</summary>
internal sealed class FusedPartition : PartitionNode<FusedPartition>
{
    /// <summary>Walks.</summary>
    /// <param name="lattice">One that <see cref="FusedRecursion.Refusal"/> does not refuse.</param>
    /// <param name="scores">[T, B, V], T ≥ 1.</param>
    /// <param name="frames">[B] lengths.</param>
    /// <returns>
    /// [B] ln Z, as of <see cref="LogPartition"/>; and the posterior, null where nothing has a gradient or none is recorded.
    /// </returns>
    public static (Tensor LogZ, FusedPosterior? Posterior) Of(Lattice lattice, Tensor scores, Tensor frames)
    {
        Tensor[] inputs = [scores, lattice.Arcs.Scores, lattice.Initial, lattice.Final];
        if (!torch.is_grad_enabled() || !inputs.Any(input => input.requires_grad)) return (FusedRecursion.Run(lattice, scores, frames, posterior: false).LogZ, null);
        // Through a view the gradient reaches a leaf under a handle of autograd's own. Under ours it would be copied, for somebody might change it.
        var walk = new LatticeWalk(lattice, frames) { ScoresShape = scores.shape };
        Tensor logZ = Apply(walk, scores.contiguous().flatten());
        return (logZ, walk.Posterior);
    }

    /// <inheritdoc/>
    protected override Tensor Forward(LatticeWalk walk, Tensor input)
    {
        (Tensor logZ, walk.Posterior) = FusedRecursion.Run(walk.Lattice, input.view(walk.ScoresShape), walk.Frames, posterior: true);
        walk.Tables = [.. walk.Posterior!.Tensors.Select(table => table.MoveToOuterDisposeScope())];
        return logZ;
    }

    /// <inheritdoc/>
    protected override Tensor?[] Gradients(LatticeWalk walk, List<Tensor> saved, Tensor upstream)
    {
        (Lattice lattice, Tensor row, Tensor frames, IReadOnlyList<Tensor> tables) = walk.Unpack(saved);
        Tensor?[] gradients = torch.is_grad_enabled()
            ? Recorded(lattice, row.view(walk.ScoresShape), frames, upstream)
            : walk.Posterior!.Gradients(tables, upstream);
        return [gradients[0]!.flatten(), .. gradients[1..]];
    }

    // Gradients of gradients: by the differentiable recursion, whose every operation has one.
    private static Tensor?[] Recorded(Lattice lattice, Tensor scores, Tensor frames, Tensor upstream)
    {
        using OneThread alone = OneThread.For(scores.device);
        Tensor emissions = TimeLoop.Emissions(lattice, scores, FrameMask.Of(frames, scores.shape[0]));
        Tensor?[] gradients = LogPartition.Gradients(lattice, emissions, frames, LogPartition.Alphas(lattice, emissions), upstream);
        return [TimeLoop.OfTokens(lattice, gradients[0]!, scores.shape[2]), .. gradients[1..]];
    }
}
