using Ctc.Engine.Recursions.Autograd;

namespace Ctc.Engine.Recursions;

/// <summary>ln Z by the differentiable recursion: forward the loop over time, back <see cref="Posterior"/>.</summary>
internal sealed class LogPartition : PartitionNode<LogPartition>
{
    /// <summary>Walks forward.</summary>
    /// <param name="lattice">Of the type and on the device of the emissions.</param>
    /// <param name="emissions">[T, B, S], T ≥ 1: what each state scores in each frame.</param>
    /// <param name="frames">[B] lengths.</param>
    /// <returns>
    /// [B] ln Z: −∞ with gradient 0 where no path explains the frames, and for a length of 0 a number without meaning; and [T, B, S] α without gradient.
    /// </returns>
    public static (Tensor LogZ, Tensor Alphas) Of(Lattice lattice, Tensor emissions, Tensor frames)
    {
        var walk = new LatticeWalk(lattice, frames);
        Tensor logZ = Apply(walk, emissions);
        return (logZ, walk.Tables[0]);
    }

    /// <summary>The walk forward alone, recorded where gradients are being recorded.</summary>
    /// <inheritdoc cref="Of"/>
    /// <returns>[T, B, S] α.</returns>
    public static Tensor Alphas(Lattice lattice, Tensor emissions) => TimeLoop.Run(lattice, emissions, arcs => LogSemiring.Sum(arcs, 0));

    /// <summary>The gradients of ln Z, recorded where gradients are being recorded.</summary>
    /// <param name="lattice">Of the type and on the device of the emissions.</param>
    /// <param name="emissions">[T, B, S].</param>
    /// <param name="frames">[B] lengths.</param>
    /// <param name="alphas">[T, B, S].</param>
    /// <param name="upstream">[B] the incoming gradient; anything where no path explains the frames.</param>
    /// <returns>With respect to the emissions, and to the arcs', the initial and the final scores, null where these have none.</returns>
    public static Tensor?[] Gradients(Lattice lattice, Tensor emissions, Tensor frames, Tensor alphas, Tensor upstream)
    {
        // What comes in for an utterance without a path may be anything, for its ln Z is −∞; what goes out is 0.
        Tensor feasible = TimeLoop.Ends(lattice, alphas, frames).isneginf().all(1).logical_not();
        var posterior = new Posterior(lattice, frames, alphas, torch.where(feasible, upstream, torch.zeros_like(upstream)));
        bool learned = lattice.Arcs.Scores.requires_grad;
        (Tensor states, Tensor? arcs) = learned ? posterior.StatesAndArcs() : (posterior.States(), null);
        return
        [
            states,
            arcs,
            lattice.Initial.requires_grad ? states[0] : null,
            lattice.Final.requires_grad ? posterior.Last : null,
        ];
    }

    /// <inheritdoc/>
    protected override Tensor Forward(LatticeWalk walk, Tensor input)
    {
        using OneThread alone = OneThread.For(input.device);
        Tensor alphas = Alphas(walk.Lattice, input).MoveToOuterDisposeScope();
        walk.Tables = [alphas];
        return LogSemiring.Sum(TimeLoop.Ends(walk.Lattice, alphas, walk.Frames), 1);
    }

    /// <inheritdoc/>
    protected override Tensor?[] Gradients(LatticeWalk walk, List<Tensor> saved, Tensor upstream)
    {
        using OneThread alone = OneThread.For(upstream.device);
        (Lattice lattice, Tensor emissions, Tensor frames, IReadOnlyList<Tensor> tables) = walk.Unpack(saved);
        return Gradients(lattice, emissions, frames, torch.is_grad_enabled() ? Alphas(lattice, emissions) : tables[0], upstream);
    }
}
