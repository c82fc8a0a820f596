using Ctc.Engine.Frames;
using Ctc.Engine.Recursions.Differentiable;
using Ctc.Engine.Recursions.Fused;
using Ctc.Engine.Recursions.Fused.Results;

namespace Ctc.Engine.Recursions.Autograd;

/// <summary>ln Z by the fused recursion. The posterior is computed with ln Z; the backward pass multiplies it by the incoming gradient.</summary>
internal sealed class FusedLogPartition : LogPartitionNode<FusedLogPartition, FusedLogPartition.Saved>
{
    /// <summary>Computes ln Z, joined to autograd.</summary>
    /// <param name="lattice">Of the type of the scores, checked by <see cref="LatticeCheck"/>.</param>
    /// <param name="scores">[T, B, V], T ≥ 1.</param>
    /// <param name="frames">[B] lengths.</param>
    /// <returns>
    /// [B] ln Z, as of <see cref="DifferentiableLogPartition"/>; and the posterior, null if no input requires grad or gradients are not being
    /// recorded.
    /// </returns>
    public static (Tensor LogZ, FusedPosterior? Posterior) Compute(Lattice lattice, Tensor scores, Tensor frames)
    {
        if (!IsRecorded(lattice, scores)) return (FusedRecursion.Run(lattice, scores, frames, posterior: false).LogZ, null);

        // Behind a view autograd holds a gradient of its own on its way into a leaf. A gradient that is still referenced here would be copied.
        var saved = new Saved(lattice, frames) { ScoresShape = scores.shape };
        Tensor logZ = Apply(saved, scores.contiguous().flatten());
        return (logZ, saved.Posterior);
    }

    /// <summary>Returns whether a value computed from a lattice and scores has a gradient.</summary>
    public static bool IsRecorded(Lattice lattice, Tensor scores) =>
        torch.is_grad_enabled() && new[] { scores, lattice.Arcs.Scores, lattice.Initial, lattice.Final }.Any(input => input.requires_grad);

    /// <inheritdoc/>
    protected override Tensor Forward(Saved saved, Tensor input)
    {
        Tensor scores = input.view(saved.ScoresShape);
        (Tensor logZ, saved.Posterior) = FusedRecursion.Run(saved.Lattice, scores, saved.Frames, posterior: true);
        saved.Tables = [.. saved.Posterior!.Tensors.Select(table => table.MoveToOuterDisposeScope())];
        return logZ;
    }

    /// <inheritdoc/>
    protected override Tensor?[] Gradients(Saved saved, List<Tensor> tensors, Tensor upstream)
    {
        (Lattice lattice, Tensor row, Tensor frames, IReadOnlyList<Tensor> tables) = saved.Unpack(tensors);
        Tensor scores = row.view(saved.ScoresShape);
        Tensor?[] gradients = torch.is_grad_enabled()
            ? Recorded(lattice, scores, frames, upstream)
            : saved.Posterior!.Gradients(tables, upstream);
        return [gradients[0]!.flatten(), .. gradients[1..]];
    }

    // Gradients of gradients: those of the occupancy; where arcs or ends are learned, or arcs lead anywhere, by the differentiable recursion, which
    // records operations.
    private static Tensor?[] Recorded(Lattice lattice, Tensor scores, Tensor frames, Tensor upstream)
    {
        bool learned = lattice.Arcs.Scores.requires_grad || lattice.Initial.requires_grad || lattice.Final.requires_grad;
        if (!learned && FusedRecursion.TakesInFull(lattice))
        {
            Tensor occupancy = OccupancyNode.OfTokens(lattice, scores, frames), explained = occupancy.detach().ne(Scalars.Zero).any(2).any(0);
            return [occupancy * torch.where(explained, upstream, torch.zeros_like(upstream)).unsqueeze(1), null, null, null];
        }

        using OneThread alone = OneThread.For(scores.device);
        Tensor mask = FrameMask.Create(frames, scores.shape[0]);
        Tensor emissions = TimeLoop.Emissions(lattice, scores, mask);
        Tensor?[] gradients = DifferentiableRecursion.Gradients(lattice, frames, DifferentiableRecursion.Alphas(lattice, emissions), upstream);
        return [TimeLoop.SumByToken(lattice, gradients[0]!, scores.shape[2]), .. gradients[1..]];
    }

    /// <inheritdoc/>
    internal sealed class Saved(Lattice lattice, Tensor frames) : SavedLattice(lattice, frames)
    {
        /// <summary>Gets the shape of the scores, [T, B, V]: the node has them in one row.</summary>
        public required long[] ScoresShape { get; init; }

        /// <summary>Gets or sets the posterior that the forward pass computed.</summary>
        public FusedPosterior? Posterior { get; set; }
    }
}
