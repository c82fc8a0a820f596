namespace Ctc.Engine.Recursions.Transducer;

/// <summary>The recursion of a transducer as that of its <see cref="DiagonalLattice"/>: on any device, with derivatives of any order.</summary>
internal static class DiagonalRecursion
{
    /// <summary>Computes ln Z.</summary>
    /// <param name="arcs">The scores.</param>
    /// <param name="kind">The recursion of the lattice.</param>
    /// <returns>[B].</returns>
    public static Tensor LogLikelihood(TransducerArcs arcs, RecursionKind kind)
    {
        if (arcs.Blanks.numel() > 0)
        {
            var diagonals = DiagonalLattice.Create(arcs);
            return Recursion.LogLikelihood(diagonals.Lattice, diagonals.Scores, diagonals.Steps, kind);
        }

        // No utterance or no frame. The empty sum joins the result to the scores, so that a backward pass reaches them.
        Tensor zeros = torch.zeros_like(arcs.Lengths, arcs.Blanks.dtype);
        return zeros.masked_fill(arcs.Lengths.gt(Scalars.Zero), Scalars.NegativeInfinity).Plus(arcs.Blanks.sum());
    }

    /// <summary>Computes the entropy of the alignments. Differentiable if gradients are being recorded.</summary>
    /// <param name="arcs">The scores.</param>
    /// <param name="kind">The recursion of the lattice.</param>
    /// <returns>[B] in nats; 0 where there is one alignment or none.</returns>
    public static Tensor Entropy(TransducerArcs arcs, RecursionKind kind)
    {
        if (arcs.Blanks.numel() == 0) return torch.zeros_like(arcs.Lengths, arcs.Blanks.dtype).Plus(arcs.Blanks.sum());
        var diagonals = DiagonalLattice.Create(arcs);
        return Recursion.Entropy(diagonals.Lattice, diagonals.Scores, diagonals.Steps, kind);
    }

    /// <summary>Computes the shares of the arcs. Differentiable if gradients are being recorded.</summary>
    /// <param name="arcs">The scores.</param>
    /// <param name="kind">The recursion of the lattice.</param>
    /// <returns>[B, T, U+1] twice; 0 in padding and where no alignment has a probability.</returns>
    public static (Tensor Blanks, Tensor Tokens) Shares(TransducerArcs arcs, RecursionKind kind)
    {
        if (arcs.Blanks.numel() == 0) return (torch.zeros_like(arcs.Blanks), torch.zeros_like(arcs.Blanks));
        var diagonals = DiagonalLattice.Create(arcs);
        Tensor shares = Recursion.ArcExpectations(diagonals.Lattice, diagonals.Scores, diagonals.Steps, kind);
        Tensor logZ = Recursion.LogLikelihood(diagonals.Lattice, diagonals.Scores, diagonals.Steps, kind);
        Tensor isLast = Scalars.Range(arcs.Blanks.shape[2], arcs.Frames.device).unsqueeze(0).eq(arcs.Lengths.unsqueeze(1));
        Tensor last = isLast.logical_and(logZ.isneginf().logical_not().logical_and(arcs.Frames.gt(Scalars.Zero)).unsqueeze(1)); // [B, U+1]
        return diagonals.ByPlace(shares, last.to(shares.dtype), arcs.Frames);
    }
}
