namespace Ctc.Engine.Recursions.Fused;

/// <summary>The posterior of states and arcs in each frame, by the fused recursion. Without gradient.</summary>
internal static class FusedStates
{
    /// <summary>Computes the mass of each state: the occupancy of a lattice in which each state reads a column of its own.</summary>
    /// <param name="lattice">One for which <see cref="FusedRecursion.Refusal"/> is null.</param>
    /// <param name="emissions">[T, B, S], T ≥ 1: the score of each state in each frame.</param>
    /// <param name="frames">[B] lengths.</param>
    /// <returns>[T, B, S]; 0 in padding and where no path explains the frames.</returns>
    public static Tensor States(Lattice lattice, Tensor emissions, Tensor frames)
    {
        using var withoutGradient = torch.no_grad();
        Tensor columns = Scalars.Range(lattice.Labels.shape[1]).expand(lattice.Labels.shape);
        var byState = new Lattice(columns, lattice.Arcs, lattice.Initial, lattice.Final, lattice.Empty);
        var posterior = FusedRecursion.Run(byState, emissions.detach(), frames, posterior: true, wanted: _ => false).Posterior!;
        return posterior.Dense(posterior.Shares, torch.ones_like(frames, emissions.dtype));
    }

    /// <summary>Computes the mass of each arc by the frame that it enters.</summary>
    /// <param name="timed">One for which <see cref="FusedRecursion.Refusal"/> is null, and whose arc scores depend on time.</param>
    /// <param name="scores">[T, B, V], T ≥ 1.</param>
    /// <param name="frames">[B] lengths.</param>
    /// <returns>[T, K, B, S], as many rows as the arc scores have; 0 in row 0, in padding and where no path explains the frames.</returns>
    public static Tensor Arcs(Lattice timed, Tensor scores, Tensor frames)
    {
        Tensor arcs = timed.Arcs.Scores;
        return FusedRecursion.Run(timed, scores, frames, posterior: true, wanted: input => ReferenceEquals(input, arcs)).Posterior!.Expectations[0]!;
    }
}
