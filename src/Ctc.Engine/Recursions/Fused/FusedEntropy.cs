using Ctc.Engine.Recursions.Fused.Results;

namespace Ctc.Engine.Recursions.Fused;

/// <summary>The entropy of the alignment from sums of the fused recursion: H = ln Z − E[score of a path]. Without gradient.</summary>
/// <remarks>
/// Catastrophic cancellation: the two numbers may be a million times as large as their difference. So it is computed in float64, whatever the type
/// of the scores, and from the columns that states use.
/// </remarks>
internal static class FusedEntropy
{
    private static readonly Scalar Zero = 0.0;

    /// <summary>Computes the entropy by a forward and a backward pass. O(T·B·S) time, O(T·B·min(S, V)) memory.</summary>
    /// <param name="lattice">Of the type of the scores, checked by <see cref="LatticeCheck"/>.</param>
    /// <param name="scores">[T, B, V], T ≥ 1.</param>
    /// <param name="frames">[B] lengths.</param>
    /// <returns>[B] in nats, of the type of the scores; 0 where there is one path or none.</returns>
    public static Tensor Compute(Lattice lattice, Tensor scores, Tensor frames)
    {
        using var withoutGradient = torch.no_grad();
        (Lattice inDouble, Tensor emissions) = InDouble(lattice, scores);
        (Tensor logZ, FusedPosterior? posterior) = FusedRecursion.Run(inDouble, emissions, frames, posterior: true, wanted: HasScores);
        Tensor expected = posterior!.ExpectedScore(emissions);
        Tensor[] own = [inDouble.Arcs.Scores, inDouble.Initial, inDouble.Final];
        foreach ((Tensor? shares, Tensor values) in posterior.Expectations.Zip(own))
        {
            if (shares is not null) expected = expected.Plus(Evaluation.Expectation(shares, values).view(-1, frames.shape[0]).sum([0]));
        }

        Tensor entropy = (logZ - expected).clamp(min: Zero);
        return torch.where(frames.eq(Scalars.Zero).logical_or(logZ.isneginf()), torch.zeros_like(entropy), entropy).to(scores.dtype);
    }

    // If the vocabulary is larger than the number of states, each state gets a column of its own.
    private static (Lattice Lattice, Tensor Scores) InDouble(Lattice lattice, Tensor scores)
    {
        long states = lattice.Labels.shape[1];
        Lattice inDouble = lattice.Cast(torch.float64, scores.device);
        if (scores.dtype == torch.float64 || scores.shape[2] <= states) return (inDouble, scores.to(torch.float64).contiguous());
        Tensor columns = scores.gather(2, lattice.Labels.unsqueeze(0).expand(scores.shape[0], -1, -1));
        return (inDouble.WithLabels(Scalars.Range(states).expand(lattice.Labels.shape)), columns.to(torch.float64));
    }

    private static bool HasScores(Tensor scores) => scores.ne(Scalars.Zero).logical_and(scores.isneginf().logical_not()).any().item<bool>();
}
