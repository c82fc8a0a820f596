namespace Ctc.Engine.Recursions.Transducer;

/// <summary>Likelihood and posterior of a monotonic transducer: each frame emits one token or the blank.</summary>
/// <remarks>
/// α(t+1, u) = ln( e^{α(t, u) + blank(t, u)} + e^{α(t, u−1) + token(t, u−1)} ), and ln Z = α(T, U): a lattice of <see cref="Recursion"/> whose arcs
/// depend on time. A target needs as many frames as it has tokens. Source: Tripathi et al., "Monotonic Recurrent Neural Network Transducer and
/// Decoding Strategies", ASRU 2019.
/// </remarks>
public static class MonotonicRecursion
{
    /// <summary>Computes the log-likelihood of each target, differentiable.</summary>
    /// <param name="batch">Targets, lengths and the blank.</param>
    /// <param name="scores">[B, T, U+1, V] as those of <see cref="TransducerRecursion.LogLikelihood"/>.</param>
    /// <param name="kind">The recursion to use; by default the fastest that supports type and device.</param>
    /// <param name="fastEmit">FastEmit's λ, 0 or more; by default 0.</param>
    /// <returns>[B] ln Z; −∞ with gradient exactly 0 where no alignment has a probability.</returns>
    /// <exception cref="ArgumentException">As of <see cref="TransducerRecursion.LogLikelihood"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">λ is negative, infinite or NaN.</exception>
    public static Tensor LogLikelihood(Batch batch, Tensor scores, RecursionKind kind = RecursionKind.Auto, double fastEmit = 0)
    {
        TransducerInputs.Check(batch, scores);
        TransducerInputs.CheckFastEmit(fastEmit);
        return Compute(batch, scores, fastEmit, of => Recursion.LogLikelihood(of.Lattice, of.Scores, of.Steps, kind));
    }

    /// <summary>Computes the entropy of the posterior over the alignments.</summary>
    /// <inheritdoc cref="LogLikelihood"/>
    /// <returns>[B] in nats, 0 or more. Differentiable if gradients are being recorded.</returns>
    public static Tensor Entropy(Batch batch, Tensor scores, RecursionKind kind = RecursionKind.Auto)
    {
        TransducerInputs.Check(batch, scores);
        return Compute(batch, scores, 0, of => Recursion.Entropy(of.Lattice, of.Scores, of.Steps, kind));
    }

    /// <summary>Computes the posterior over the alignments.</summary>
    /// <inheritdoc cref="LogLikelihood"/>
    /// <returns>The shares of blanks and tokens by place (t, u). Those of a frame sum to 1. Differentiable if gradients are being recorded.</returns>
    public static TransducerOccupancy Occupancy(Batch batch, Tensor scores, RecursionKind kind = RecursionKind.Auto)
    {
        TransducerInputs.Check(batch, scores);
        using DisposeScope scope = torch.NewDisposeScope();
        if (batch.Size == 0) return Keep(scores.select(3, 0).clone(), scores.select(3, 0).clone());
        MonotonicLattice of = Open(batch, scores, 0);
        Tensor shares = Recursion.ArcExpectations(of.Lattice, of.Scores, of.Steps, kind).narrow(0, 1, scores.shape[1]); // [T, 2, B, U+1]
        return Keep(shares.select(1, 0).transpose(0, 1), shares.select(1, 1).transpose(0, 1).roll(-1, 2));

        static TransducerOccupancy Keep(Tensor blanks, Tensor tokens) => new(blanks.MoveToOuterDisposeScope(), tokens.MoveToOuterDisposeScope());
    }

    private static Tensor Compute(Batch batch, Tensor scores, double fastEmit, Func<MonotonicLattice, Tensor> compute)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return (batch.Size == 0 ? scores.sum([1L, 2L, 3L]) : compute(Open(batch, scores, fastEmit))).MoveToOuterDisposeScope();
    }

    /// <summary>Creates the lattice of scores.</summary>
    /// <param name="batch">Checked against the scores, B ≥ 1.</param>
    /// <param name="scores">[B, T, U+1, V].</param>
    /// <param name="fastEmit">FastEmit's λ.</param>
    internal static MonotonicLattice Open(Batch batch, Tensor scores, double fastEmit) =>
        MonotonicLattice.Create(TransducerArcs.Read(batch, scores, logits: false, fastEmit), batch.Frames);
}
