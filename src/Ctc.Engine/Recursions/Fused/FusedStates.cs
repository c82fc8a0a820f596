namespace Ctc.Engine.Recursions.Fused;

/// <summary>The posterior of states and arcs in each frame, by the fused recursion. Without gradient.</summary>
internal static class FusedStates
{
    /// <summary>Computes the mass of each state.</summary>
    /// <param name="lattice">Of the type of the scores, checked by <see cref="LatticeCheck"/>.</param>
    /// <param name="scores">[T, B, V], T ≥ 1.</param>
    /// <param name="frames">[B] lengths.</param>
    /// <returns>[T, B, S]; 0 in padding and where no path explains the frames.</returns>
    public static Tensor States(Lattice lattice, Tensor scores, Tensor frames)
    {
        using var withoutGradient = torch.no_grad();
        return FusedRecursion.Run(lattice, scores.detach(), frames, posterior: true, wanted: _ => false, byState: true).Posterior!.Shares;
    }

    /// <summary>Returns the lattice in which each state reads a column of its own.</summary>
    public static Lattice ByState(Lattice lattice) =>
        new(Scalars.Range(lattice.Labels.shape[1]).expand(lattice.Labels.shape), lattice.Arcs, lattice.Initial, lattice.Final, lattice.Empty);

    /// <summary>Computes the mass of each arc, by the frame that it enters if the arc scores depend on time. Without gradient.</summary>
    /// <param name="lattice">Of the type of the scores, checked by <see cref="LatticeCheck"/>.</param>
    /// <param name="scores">[T, B, V], T ≥ 1.</param>
    /// <param name="frames">[B] lengths.</param>
    /// <returns>
    /// Of the shape of the arc scores: [K, B, S]; or [T, K, B, S], 0 in row 0, in padding and where no path explains the frames.
    /// </returns>
    public static Tensor Arcs(Lattice lattice, Tensor scores, Tensor frames)
    {
        Tensor arcs = lattice.Arcs.Scores;
        return FusedRecursion.Run(lattice, scores, frames, posterior: true, wanted: own => ReferenceEquals(own, arcs)).Posterior!.Expectations[0]!;
    }
}
