using Ctc.Engine.Frames;
using Ctc.Engine.Recursions.Differentiable;
using Ctc.Engine.Recursions.Fused;
using Ctc.Engine.Recursions.Fused.Results;

namespace Ctc.Engine.Recursions.Autograd;

/// <summary>The occupancy of tokens, the masses of states, or the expectations of arcs, by the fused recursion, with their gradient.</summary>
/// <remarks>
/// The matrix of second derivatives of ln Z is symmetric: the incoming gradient, as the value of a path, gives the outgoing one as its covariances.
/// </remarks>
internal sealed class OccupancyNode : LogPartitionNode<OccupancyNode, OccupancyNode.Saved>
{
    /// <summary>Computes the occupancy, joined to autograd.</summary>
    /// <param name="lattice">One for which <see cref="FusedRecursion.TakesInFull"/>.</param>
    /// <param name="scores">[T, B, V], T ≥ 1.</param>
    /// <param name="frames">[B] lengths.</param>
    /// <returns>[T, B, V]; 0 in padding and in utterances that no path explains.</returns>
    public static Tensor OfTokens(Lattice lattice, Tensor scores, Tensor frames) => Apply(new Saved(lattice, frames), scores);

    /// <summary>Computes the mass of each state, joined to autograd.</summary>
    /// <inheritdoc cref="OfTokens"/>
    /// <returns>[T, B, S]; 0 in padding and in utterances that no path explains.</returns>
    public static Tensor OfStates(Lattice lattice, Tensor scores, Tensor frames) => Apply(new Saved(lattice, frames) { OfStates = true }, scores);

    /// <summary>Computes how often each arc is taken, joined to autograd.</summary>
    /// <inheritdoc cref="OfTokens"/>
    /// <returns>[K, B, S], or [T, K, B, S] if the arc scores depend on time.</returns>
    public static Tensor OfArcs(Lattice lattice, Tensor scores, Tensor frames) => Apply(new Saved(lattice, frames) { OfArcs = true }, scores);

    /// <inheritdoc/>
    protected override Tensor Forward(Saved saved, Tensor input)
    {
        Tensor arcs = saved.Lattice.Arcs.Scores;
        bool IsWanted(Tensor scores) => saved.OfArcs && ReferenceEquals(scores, arcs);
        FusedPosterior posterior = FusedRecursion.Run(
            saved.Lattice, input, saved.Frames, posterior: true, wanted: IsWanted, byState: saved.OfStates).Posterior!;
        if (saved.OfStates) return posterior.Shares;
        return saved.OfArcs ? posterior.Expectations[0]! : posterior.Dense(posterior.Shares, torch.ones_like(saved.Frames, input.dtype));
    }

    /// <inheritdoc/>
    protected override Tensor?[] Gradients(Saved saved, List<Tensor> tensors, Tensor upstream)
    {
        (Lattice lattice, Tensor scores, Tensor frames, _) = saved.Unpack(tensors);
        Tensor arcs = saved.OfArcs ? upstream : torch.zeros_like(lattice.Arcs.Scores), tokens = saved.OfArcs ? torch.zeros_like(scores) : upstream;
        Lattice values = lattice.WithArcs(lattice.Arcs.WithScores(arcs))
            .WithInitial(torch.zeros_like(lattice.Initial)).WithFinal(torch.zeros_like(lattice.Final));
        if (torch.is_grad_enabled())
        {
            using OneThread alone = OneThread.For(scores.device);
            return saved.OfStates
                ? OfStates(lattice, scores, frames, values, upstream)
                : DifferentiableCovariance.Compute(lattice, scores, frames, values, tokens);
        }

        FusedPosterior covariances = FusedCovariance.Run(lattice, scores, frames, values, tokens, byState: saved.OfStates).Covariances;
        return covariances.Gradients(covariances.Tensors, torch.ones_like(frames, scores.dtype));
    }

    // In the lattice in which each state reads a column of its own.
    private static Tensor?[] OfStates(Lattice lattice, Tensor scores, Tensor frames, Lattice values, Tensor ofStates)
    {
        Tensor emissions = TimeLoop.Emissions(lattice, scores, FrameMask.Create(frames, scores.shape[0]));
        Tensor?[] gradients = DifferentiableCovariance.Compute(
            FusedStates.ByState(lattice), emissions, frames, FusedStates.ByState(values), ofStates);
        return [TimeLoop.SumByToken(lattice, gradients[0]!, scores.shape[2]), .. gradients[1..]];
    }

    /// <inheritdoc/>
    internal sealed class Saved(Lattice lattice, Tensor frames) : SavedLattice(lattice, frames)
    {
        /// <summary>Gets whether the result is that of arcs.</summary>
        public bool OfArcs { get; init; }

        /// <summary>Gets whether the result is that of states.</summary>
        public bool OfStates { get; init; }
    }
}
