using Ctc.Engine.Frames;
using Ctc.Engine.Recursions.Differentiable;
using Ctc.Engine.Recursions.Fused;
using Ctc.Engine.Recursions.Fused.Results;

namespace Ctc.Engine.Recursions.Autograd;

/// <summary>ln Z by the fused recursion. The posterior is computed with ln Z; the backward pass multiplies it by the incoming gradient.</summary>
internal sealed class FusedLogPartition : LogPartitionNode<FusedLogPartition, FusedLogPartition.Saved>
{
    /// <summary>Computes ln Z, joined to autograd.</summary>
    /// <param name="lattice">One for which <see cref="FusedRecursion.Refusal"/> is null.</param>
    /// <param name="scores">[T, B, V], T ≥ 1.</param>
    /// <param name="frames">[B] lengths.</param>
    /// <param name="logits">Whether ln Z is that of the log-softmax of the scores, which is then a part of this node.</param>
    /// <returns>
    /// [B] ln Z, as of <see cref="DifferentiableLogPartition"/>; and the posterior, null if no input requires grad or gradients are not being
    /// recorded.
    /// </returns>
    public static (Tensor LogZ, FusedPosterior? Posterior) Compute(Lattice lattice, Tensor scores, Tensor frames, bool logits)
    {
        if (!IsRecorded(lattice, scores))
        {
            Softmax? softmax = logits ? Softmax.FromLogits(scores, frames) : null;
            return (FusedRecursion.Run(lattice, scores, frames, posterior: false, softmax).LogZ, null);
        }

        // Behind a view autograd holds a gradient of its own on its way into a leaf. A gradient that is still referenced here would be copied.
        var saved = new Saved(lattice, frames) { ScoresShape = scores.shape, FromLogits = logits };
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
        Softmax? softmax = saved.FromLogits ? Softmax.FromLogits(scores, saved.Frames) : null;
        (Tensor logZ, saved.Posterior) = FusedRecursion.Run(saved.Lattice, scores, saved.Frames, posterior: true, softmax);
        IEnumerable<Tensor> tables = softmax is null ? saved.Posterior!.Tensors : [.. saved.Posterior!.Tensors, softmax.LogSums];
        saved.Tables = [.. tables.Select(table => table.MoveToOuterDisposeScope())];
        return logZ;
    }

    /// <inheritdoc/>
    protected override Tensor?[] Gradients(Saved saved, List<Tensor> tensors, Tensor upstream)
    {
        (Lattice lattice, Tensor row, Tensor frames, IReadOnlyList<Tensor> tables) = saved.Unpack(tensors);
        Tensor scores = row.view(saved.ScoresShape);
        Tensor?[] gradients = torch.is_grad_enabled()
            ? Recorded(lattice, scores, frames, upstream, saved.FromLogits)
            : saved.Posterior!.Gradients(tables, upstream, saved.FromLogits ? new Softmax(scores, tables[^1]) : null);
        return [gradients[0]!.flatten(), .. gradients[1..]];
    }

    // Gradients of gradients: by the differentiable recursion, in which every operation has one.
    private static Tensor?[] Recorded(Lattice lattice, Tensor scores, Tensor frames, Tensor upstream, bool logits)
    {
        using OneThread alone = OneThread.For(scores.device);
        Tensor mask = FrameMask.Create(frames, scores.shape[0]);
        if (logits) scores = FrameMask.LogSoftmax(scores, mask);
        Tensor emissions = TimeLoop.Emissions(lattice, scores, mask);
        Tensor?[] gradients = DifferentiableRecursion.Gradients(lattice, frames, DifferentiableRecursion.Alphas(lattice, emissions), upstream);
        Tensor byToken = TimeLoop.SumByToken(lattice, gradients[0]!, scores.shape[2]);
        if (logits) byToken = byToken - (scores.exp() * byToken.sum(2, keepdim: true));
        return [byToken, .. gradients[1..]];
    }

    /// <inheritdoc/>
    internal sealed class Saved(Lattice lattice, Tensor frames) : SavedLattice(lattice, frames)
    {
        /// <summary>Gets the shape of the scores, [T, B, V]: the node has them in one row.</summary>
        public required long[] ScoresShape { get; init; }

        /// <summary>Gets whether the scores are logits.</summary>
        public required bool FromLogits { get; init; }

        /// <summary>Gets or sets the posterior that the forward pass computed.</summary>
        public FusedPosterior? Posterior { get; set; }
    }
}
