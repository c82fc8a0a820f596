using Ctc.Engine.Recursions.Differentiable;
using Ctc.Engine.Recursions.Fused;
using Ctc.Engine.Recursions.Fused.Results;

namespace Ctc.Engine.Recursions.Autograd;

/// <summary>The entropy of the alignment by the fused recursion, with its gradient.</summary>
/// <remarks>
/// H = ln Z − E[S] for the score S of a path, computed in double whatever the type of the scores: the two may be a million times as large as their
/// difference. The gradient of ln Z is the occupancy, that of E[S] the occupancy plus the covariance with S: so
/// ∂H/∂score is minus the covariance of S with the choice that the score is for.
/// </remarks>
internal sealed class EntropyNode : LogPartitionNode<EntropyNode, EntropyNode.Saved>
{
    /// <summary>Computes the entropy, joined to autograd.</summary>
    /// <param name="lattice">One for which <see cref="FusedRecursion.TakesInFull"/>.</param>
    /// <param name="scores">[T, B, V], T ≥ 1.</param>
    /// <param name="frames">[B] lengths.</param>
    /// <returns>[B] in nats, of the type of the scores, 0 or more; 0 where there is one path or none.</returns>
    public static Tensor Compute(Lattice lattice, Tensor scores, Tensor frames)
    {
        Tensor entropy = Apply(new Saved(lattice, frames), scores.contiguous());
        return torch.where(frames.eq(Scalars.Zero), torch.zeros_like(entropy), entropy);
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Saved saved, Tensor input)
    {
        (Tensor logZ, Tensor mean, saved.Covariances) = FusedCovariance.Run(saved.Lattice, input, saved.Frames, saved.Lattice, input);
        saved.Tables = [.. saved.Covariances.Tensors.Select(table => table.MoveToOuterDisposeScope())];
        return torch.where(logZ.isneginf(), torch.zeros_like(logZ), (logZ - mean).clamp(min: Scalars.Zero)).to(input.dtype);
    }

    /// <inheritdoc/>
    protected override Tensor?[] Gradients(Saved saved, List<Tensor> tensors, Tensor upstream)
    {
        (Lattice lattice, Tensor scores, Tensor frames, IReadOnlyList<Tensor> tables) = saved.Unpack(tensors);
        if (!torch.is_grad_enabled()) return saved.Covariances!.Gradients(tables, upstream.neg());
        using OneThread alone = OneThread.For(scores.device);
        (Lattice inDouble, Tensor emissions) = (lattice.Cast(torch.float64, scores.device), scores.to(torch.float64));
        Tensor factors = upstream.neg().to(torch.float64).unsqueeze(1);
        Tensor?[] covariances = DifferentiableCovariance.Compute(inDouble, emissions, frames, inDouble, emissions);
        return [.. covariances.Select(covariance => covariance is null ? null : (covariance * factors).to(scores.dtype))];
    }

    /// <inheritdoc/>
    internal sealed class Saved(Lattice lattice, Tensor frames) : SavedLattice(lattice, frames)
    {
        /// <summary>Gets or sets the covariances that the forward pass computed.</summary>
        public FusedPosterior? Covariances { get; set; }
    }
}
