namespace Ctc.Engine.Recursions.Transducer;

/// <summary>
/// The alignments of a monotonic transducer as a lattice of the loop over time: a state is the number of tokens emitted so far, and its two arcs, the
/// blank (stay) and the token (advance), have scores that depend on the frame.
/// </summary>
/// <remarks>Frame 0 of the lattice is the start, before any frame of the utterance; all its states have the label 0, whose score is 0.</remarks>
internal sealed class MonotonicLattice
{
    private MonotonicLattice(Lattice lattice, Tensor scores, IReadOnlyList<long> steps) => (Lattice, Scores, Steps) = (lattice, scores, steps);

    /// <summary>Gets the lattice.</summary>
    public Lattice Lattice { get; }

    /// <summary>Gets [T+1, B, 1] scores of the label: 0.</summary>
    public Tensor Scores { get; }

    /// <summary>Gets the B lengths in frames of the lattice, those of the utterances and 1.</summary>
    public IReadOnlyList<long> Steps { get; }

    /// <summary>Creates the lattice.</summary>
    /// <param name="arcs">B ≥ 1; T may be 0.</param>
    /// <param name="frames">B lengths.</param>
    public static MonotonicLattice Create(TransducerArcs arcs, IReadOnlyList<long> frames)
    {
        (long batch, long total, long columns) = (arcs.Blanks.shape[0], arcs.Blanks.shape[1], arcs.Blanks.shape[2]);
        torch.Device device = arcs.Blanks.device;
        Tensor u = Scalars.Range(columns, device).view(1, -1), lengths = arcs.Lengths.view(-1, 1); // [1, U+1] and [B, 1]
        Tensor outside = torch.full([batch, columns], Scalars.NegativeInfinity, arcs.Blanks.dtype, device);
        Tensor start = outside.masked_fill(u.eq(Scalars.Zero), Scalars.Zero), end = outside.masked_fill(u.eq(lengths), Scalars.Zero);
        Tensor reached = u.gt(Scalars.Zero).logical_and(u.le(lengths)).unsqueeze(0); // by a token
        Tensor advance = arcs.Tokens.transpose(0, 1).roll(1, 2).masked_fill(reached.logical_not(), Scalars.NegativeInfinity);
        Tensor into = torch.stack([arcs.Blanks.transpose(0, 1), advance], 1); // [T, 2, B, U+1]
        Tensor none = torch.full([1, 2, batch, columns], Scalars.NegativeInfinity, arcs.Blanks.dtype, device); // nothing leads to the start
        Tensor labels = torch.zeros([batch, columns], torch.int64, device);
        var lattice = new Lattice(labels, new BandedArcs([0, 1], torch.cat([none, into], 0)), start, end, outside.select(1, 0));
        Tensor scores = torch.zeros([total + 1, batch, 1], arcs.Blanks.dtype, device);
        return new MonotonicLattice(lattice, scores, [.. frames.Select(count => count + 1)]);
    }
}
