using Ctc.Engine.Recursions;

namespace Ctc.Engine.Paths;

/// <summary>The distribution over the paths of a lattice, by the recursions of the engine.</summary>
/// <remarks>
/// A quantity that is read while no gradient is recorded is computed without one, by the fused recursion where it can be used; read again where
/// gradients are recorded, it is computed with one. Each is computed once. ln Z has a gradient if gradients were being recorded at the construction.
/// </remarks>
internal sealed class LatticeDistribution : PathDistribution
{
    private readonly LatticePosterior posterior;
    private readonly Func<Tensor> scores;
    private readonly Batch batch;
    private readonly Quantity occupancy, states, arcs, entropy;
    private readonly Lazy<BatchPaths> best;

    /// <param name="lattice">The lattice.</param>
    /// <param name="posterior">The posterior over its paths.</param>
    /// <param name="scores">Returns [T, B, V] the scores that the lattice reads.</param>
    /// <param name="batch">Lengths, and the random generators.</param>
    /// <param name="kind">The recursion of the best path.</param>
    public LatticeDistribution(Lattice lattice, LatticePosterior posterior, Func<Tensor> scores, Batch batch, RecursionKind kind)
        : base(lattice)
    {
        (this.posterior, this.scores, this.batch) = (posterior, scores, batch);
        (occupancy, states) = (new(posterior.Occupancy), new(posterior.States));
        (arcs, entropy) = (new(posterior.ArcsByFrame), new(posterior.Entropy));
        best = new(() =>
        {
            ViterbiAlignment aligned = Viterbi.Align(lattice, scores(), batch.Frames, kind);
            return new BatchPaths(aligned.States.unsqueeze(0), aligned.Tokens.unsqueeze(0), aligned.Score.unsqueeze(0));
        });
    }

    public override Tensor LogLikelihood => posterior.LogLikelihood;

    public override Tensor Occupancy => occupancy.Value;

    public override Tensor States => states.Value;

    public override Tensor Arcs => arcs.Value;

    public override Tensor Entropy => entropy.Value;

    public override BatchPaths Best => best.Value;

    public override BatchPaths Draw(int count) => Draw(count, "");

    /// <summary>Draws paths for a purpose: two purposes draw different paths.</summary>
    /// <param name="count">k, the number of paths of each utterance; 0 or more.</param>
    /// <param name="purpose">What the paths are for, such as the name of the part.</param>
    /// <returns>As of <see cref="PathDistribution.Draw"/>.</returns>
    public BatchPaths Draw(int count, string purpose)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Tensor read = scores();
        using Tensor chances = PathChances.Draw(batch, purpose, read.shape[0], count), lengths = Frames.FrameMask.Lengths(batch.Frames, read.device);
        return PathSampling.Draw(Lattice, read, lengths, chances);
    }

    // A value without gradient and one with, each computed once.
    private sealed class Quantity(Func<Tensor> compute)
    {
        private readonly Lazy<Tensor> recorded = new(compute), constant = new(compute);

        public Tensor Value => (torch.is_grad_enabled() ? recorded : constant).Value;
    }
}
