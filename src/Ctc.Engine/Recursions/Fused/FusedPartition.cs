using Ctc.Engine.Recursions.Autograd;

namespace Ctc.Engine.Recursions.Fused;

/// <summary>ln Z by the fused recursion. The way back has been walked already when the gradient arrives: it is laid on the occupancies.</summary>
internal sealed class FusedPartition : PartitionNode<FusedPartition>
{
    /// <summary>Walks.</summary>
    /// <param name="lattice">One that <see cref="FusedRecursion.Refusal"/> does not refuse.</param>
    /// <param name="scores">[T, B, V], T ≥ 1.</param>
    /// <param name="frames">[B] lengths.</param>
    /// <param name="logits">Whether the lattice reads the log-softmax of the scores, which is then a part of this node.</param>
    /// <returns>
    /// [B] ln Z, as of <see cref="LogPartition"/>; and the posterior, null where nothing has a gradient or none is recorded.
    /// </returns>
    public static (Tensor LogZ, FusedPosterior? Posterior) Of(Lattice lattice, Tensor scores, Tensor frames, bool logits)
    {
        if (!ForwardPass.IsRecorded(lattice, scores))
        {
            return (FusedRecursion.Run(lattice, scores, frames, posterior: false, logits ? Softmax.Of(scores, frames) : null).LogZ, null);
        }

        // Through a view the gradient reaches a leaf under a handle of autograd's own. Under ours it would be copied, for somebody might change it.
        var walk = new LatticeWalk(lattice, frames) { ScoresShape = scores.shape, FromLogits = logits };
        Tensor logZ = Apply(walk, scores.contiguous().flatten());
        return (logZ, walk.Posterior);
    }

    /// <inheritdoc/>
    protected override Tensor Forward(LatticeWalk walk, Tensor input)
    {
        Tensor scores = input.view(walk.ScoresShape);
        Softmax? softmax = walk.FromLogits ? Softmax.Of(scores, walk.Frames) : null;
        (Tensor logZ, walk.Posterior) = FusedRecursion.Run(walk.Lattice, scores, walk.Frames, posterior: true, softmax);
        IEnumerable<Tensor> tables = softmax is null ? walk.Posterior!.Tensors : [.. walk.Posterior!.Tensors, softmax.LogSums];
        walk.Tables = [.. tables.Select(table => table.MoveToOuterDisposeScope())];
        return logZ;
    }

    /// <inheritdoc/>
    protected override Tensor?[] Gradients(LatticeWalk walk, List<Tensor> saved, Tensor upstream)
    {
        (Lattice lattice, Tensor row, Tensor frames, IReadOnlyList<Tensor> tables) = walk.Unpack(saved);
        Tensor scores = row.view(walk.ScoresShape);
        Tensor?[] gradients = torch.is_grad_enabled()
            ? Recorded(lattice, scores, frames, upstream, walk.FromLogits)
            : walk.Posterior!.Gradients(tables, upstream, walk.FromLogits ? new Softmax(scores, tables[^1]) : null);
        return [gradients[0]!.flatten(), .. gradients[1..]];
    }

    // Gradients of gradients: by the differentiable recursion, whose every operation has one.
    private static Tensor?[] Recorded(Lattice lattice, Tensor scores, Tensor frames, Tensor upstream, bool logits)
    {
        using OneThread alone = OneThread.For(scores.device);
        Tensor mask = FrameMask.Of(frames, scores.shape[0]);
        if (logits) scores = FrameMask.LogSoftmax(scores, mask);
        Tensor emissions = TimeLoop.Emissions(lattice, scores, mask);
        Tensor?[] gradients = LogPartition.Gradients(lattice, emissions, frames, LogPartition.Alphas(lattice, emissions), upstream);
        Tensor ofTokens = TimeLoop.OfTokens(lattice, gradients[0]!, scores.shape[2]);
        if (logits) ofTokens = ofTokens - (scores.exp() * ofTokens.sum(2, keepdim: true));
        return [ofTokens, .. gradients[1..]];
    }
}
