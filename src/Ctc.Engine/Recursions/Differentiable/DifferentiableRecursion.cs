namespace Ctc.Engine.Recursions.Differentiable;

/// <summary>The recursion of torch operations: ln Z and its gradients, for any lattice on any device, with derivatives of any order.</summary>
/// <remarks>O(T·B·S·K) time, O(T·B·S) memory. Every operation is recorded if gradients are being recorded.</remarks>
internal static class DifferentiableRecursion
{
    /// <summary>Computes α: for each frame and state, the log-sum over all paths through the frames so far that end in the state.</summary>
    /// <param name="lattice">Of the type and on the device of the emissions.</param>
    /// <param name="emissions">[T, B, S], T ≥ 1: the score of each state in each frame.</param>
    /// <returns>[T, B, S].</returns>
    public static Tensor Alphas(Lattice lattice, Tensor emissions) => TimeLoop.Run(lattice, emissions, arcs => LogSemiring.Sum(arcs, 0));

    /// <summary>Computes ln Z from α.</summary>
    /// <param name="lattice">The lattice of α.</param>
    /// <param name="alphas">[T, B, S].</param>
    /// <param name="frames">[B] lengths.</param>
    /// <returns>[B]; undefined for a length of 0.</returns>
    public static Tensor LogPartition(Lattice lattice, Tensor alphas, Tensor frames) => LogSemiring.Sum(TimeLoop.Ends(lattice, alphas, frames), 1);

    /// <summary>Computes the gradients of ln Z.</summary>
    /// <param name="lattice">The lattice of α.</param>
    /// <param name="frames">[B] lengths.</param>
    /// <param name="alphas">[T, B, S].</param>
    /// <param name="upstream">[B] the incoming gradient; any number where no path explains the frames.</param>
    /// <returns>With respect to the emissions, the arc scores, the initial and the final scores; null for those that do not require grad.</returns>
    public static Tensor?[] Gradients(Lattice lattice, Tensor frames, Tensor alphas, Tensor upstream)
    {
        // Where no path explains the frames, ln Z is −∞ and the incoming gradient may be any number; the outgoing one is 0.
        Tensor feasible = TimeLoop.Ends(lattice, alphas, frames).isneginf().all(1).logical_not();
        var posterior = new DifferentiablePosterior(lattice, frames, alphas, torch.where(feasible, upstream, torch.zeros_like(upstream)));
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
}
