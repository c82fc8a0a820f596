namespace Ctc.Engine.Recursions.Differentiable;

/// <summary>The entropy of the alignment: that of the last state, and of each choice of an arc from there to the first frame.</summary>
internal static class DifferentiableEntropy
{
    private static readonly Scalar One = 1.0;

    /// <summary>Computes −Σ_π P(π) ln P(π). Differentiable if gradients are being recorded and α has one.</summary>
    /// <param name="posterior">Of mass 1.</param>
    /// <param name="frames">[B] lengths.</param>
    /// <returns>[B] in nats, 0 or more; 0 where there is one path or none.</returns>
    public static Tensor Compute(DifferentiablePosterior posterior, Tensor frames)
    {
        Tensor entropy = Surprise(posterior.Last).sum(1);
        foreach ((Tensor states, Tensor? arcs) in posterior.Backward())
        {
            if (arcs is not null) entropy = entropy.Plus((states * Surprise(arcs).sum([0])).sum(1));
        }

        return torch.where(frames.eq(Scalars.Zero), torch.zeros_like(entropy), entropy);
    }

    // −p ln p, which is 0 at 0.
    private static Tensor Surprise(Tensor shares) => -shares * shares.masked_fill(shares.eq(Scalars.Zero), One).log();
}
