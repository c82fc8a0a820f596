namespace Ctc.Engine.Recursions.Fused;

/// <summary>The entropy of the alignment from sums that the walk has anyway: H = ln Z − E[score of a path]. Without gradient.</summary>
/// <remarks>
/// The difference of two numbers that may be a million times as large, so all is in double precision, whatever the scores are: of them, those that states read.
/// </remarks>
internal static class FusedEntropy
{
    private static readonly Scalar Zero = 0.0;

    /// <summary>Walks forward and back. O(T·B·S) time, O(T·B·min(S, V)) memory.</summary>
    /// <param name="lattice">One that <see cref="FusedRecursion.Refusal"/> does not refuse.</param>
    /// <param name="scores">[T, B, V], T ≥ 1.</param>
    /// <param name="frames">[B] lengths.</param>
    /// <returns>[B] in nats, of the type of the scores; 0 where one path explains all, or none does.</returns>
    public static Tensor Of(Lattice lattice, Tensor scores, Tensor frames)
    {
        using var withoutGradient = torch.no_grad();
        (Lattice read, Tensor emissions) = InDouble(lattice, scores);
        (Tensor logZ, FusedPosterior? posterior) = FusedRecursion.Run(read, emissions, frames, posterior: true, asked: HasScores);
        Tensor expected = posterior!.ExpectedScore(emissions);
        Tensor[] own = [read.Arcs.Scores, read.Initial, read.Final];
        foreach ((Tensor? shares, Tensor values) in posterior.Expectations.Zip(own))
        {
            if (shares is not null) expected += Evaluation.Expectation(shares, values).view(-1, frames.shape[0]).sum([0]);
        }

        Tensor entropy = (logZ - expected).clamp(min: Zero);
        return torch.where((frames == 0).logical_or(logZ.isneginf()), torch.zeros_like(entropy), entropy).to(scores.dtype);
    }

    // Where states read few tokens of many, each state is given a token of its own.
    private static (Lattice Lattice, Tensor Scores) InDouble(Lattice lattice, Tensor scores)
    {
        long states = lattice.Labels.shape[1];
        Lattice inDouble = lattice.Cast(torch.float64, scores.device);
        if (scores.dtype == torch.float64 || scores.shape[2] <= states) return (inDouble, scores.to(torch.float64).contiguous());
        Tensor read = scores.gather(2, lattice.Labels.unsqueeze(0).expand(scores.shape[0], -1, -1));
        return (inDouble.WithLabels(torch.arange(states).expand(lattice.Labels.shape)), read.to(torch.float64));
    }

    private static bool HasScores(Tensor scores) => (scores != 0).logical_and(scores.isneginf().logical_not()).any().item<bool>();
}
