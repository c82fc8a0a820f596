namespace Ctc.Engine.Recursions.Transducer;

/// <summary>
/// The alignments of a transducer as a lattice of the loop over time: its frame n holds the places (t, u) with t + u = n, its state is u, and its
/// two arcs, the blank (stay) and the token (advance), have scores that depend on n.
/// </summary>
/// <remarks>
/// So posterior, entropy, best path and derivatives of any order are those of <see cref="Recursion"/>. T + U steps; a step reads only the step before
/// it, as every place of a diagonal follows from the diagonal before.
/// </remarks>
internal sealed class DiagonalLattice
{
    private readonly Tensor fromBlank, fromToken; // [T+U, B, U+1] the frame t whose arc leads into the state
    private readonly long total, columns;

    private DiagonalLattice(Lattice lattice, Tensor steps, Tensor fromBlank, Tensor fromToken, long total, long columns)
    {
        (Lattice, this.fromBlank, this.fromToken, this.total, this.columns) = (lattice, fromBlank, fromToken, total, columns);
        Scores = torch.zeros([fromBlank.shape[0], lattice.Labels.shape[0], 1], lattice.Initial.dtype, lattice.Initial.device);
        Steps = [.. steps.cpu().data<long>()];
    }

    /// <summary>Gets the lattice. All its states have the label 0.</summary>
    public Lattice Lattice { get; }

    /// <summary>Gets [T+U, B, 1] scores of that label: 0.</summary>
    public Tensor Scores { get; }

    /// <summary>Gets the B lengths in diagonals: frames and tokens together; 0 for an utterance of no frames.</summary>
    public IReadOnlyList<long> Steps { get; }

    /// <summary>Creates the lattice.</summary>
    /// <param name="arcs">B ≥ 1 and T ≥ 1.</param>
    public static DiagonalLattice Create(TransducerArcs arcs)
    {
        (long batch, long total, long columns) = (arcs.Blanks.shape[0], arcs.Blanks.shape[1], arcs.Blanks.shape[2]);
        torch.Device device = arcs.Blanks.device;
        Tensor u = Scalars.Range(columns, device).view(1, 1, -1), lengths = arcs.Lengths.view(1, -1, 1), frames = arcs.Frames.view(1, -1, 1);
        Tensor t = (Scalars.Range(total + columns - 1, device).view(-1, 1, 1) - u).expand(-1, batch, -1); // [T+U, B, U+1]
        Tensor place = t.lt(frames).logical_and(u.le(lengths));
        Tensor blank = place.logical_and(t.gt(Scalars.Zero)), token = place.logical_and(t.ge(Scalars.Zero)).logical_and(u.gt(Scalars.Zero));
        using Scalar last = total - 1;
        Tensor fromToken = t.clamp(Scalars.Zero, last), fromBlank = t.sub(Scalars.One).clamp(Scalars.Zero, last);
        Tensor stay = Along(arcs.Blanks).gather(0, fromBlank).masked_fill(blank.logical_not(), Scalars.NegativeInfinity);
        Tensor before = Along(arcs.Tokens).roll(1, 2); // column u has the arc into u
        Tensor advance = before.gather(0, fromToken).masked_fill(token.logical_not(), Scalars.NegativeInfinity);

        Tensor outside = torch.zeros_like(arcs.Blanks.narrow(1, 0, 1)).squeeze(1).detach().fill_(Scalars.NegativeInfinity); // [B, U+1]
        Tensor initial = outside.clone();
        initial.narrow(1, 0, 1).fill_(Scalars.Zero);
        Tensor lastFrame = arcs.Frames.sub(Scalars.One).clamp(min: Scalars.Zero).view(-1, 1, 1).expand(-1, 1, columns);
        Tensor end = u.squeeze(0).eq(arcs.Lengths.unsqueeze(1)).logical_and(arcs.Frames.gt(Scalars.Zero).unsqueeze(1));
        Tensor final = torch.where(end, arcs.Blanks.gather(1, lastFrame).squeeze(1), outside);
        Tensor empty = torch.where(arcs.Lengths.eq(Scalars.Zero), torch.zeros_like(outside.select(1, 0)), outside.select(1, 0));
        Tensor steps = torch.where(arcs.Frames.gt(Scalars.Zero), arcs.Frames.Plus(arcs.Lengths), torch.zeros_like(arcs.Frames));
        Tensor labels = torch.zeros([batch, columns], torch.int64, device);
        var lattice = new Lattice(labels, new BandedArcs([0, 1], torch.stack([stay, advance], 1)), initial, final, empty);
        return new DiagonalLattice(lattice, steps, fromBlank, fromToken, total, columns);
    }

    /// <summary>Finds the utterances with a score of NaN or +∞ at an arc between their places.</summary>
    /// <returns>[B].</returns>
    public Tensor FindBroken()
    {
        Tensor arcs = Lattice.Arcs.Scores.transpose(0, 2).flatten(1); // [B, ..]
        return arcs.lt(Scalars.PositiveInfinity).logical_not().any(1)
            .logical_or(Lattice.Final.lt(Scalars.PositiveInfinity).logical_not().any(1));
    }

    /// <summary>Sums the shares of arcs by the places from which they lead.</summary>
    /// <param name="arcs">[T+U, 2, B, U+1].</param>
    /// <param name="last">[B, U+1] the share of the last blank, by state.</param>
    /// <param name="frames">[B] lengths.</param>
    /// <returns>[B, T, U+1] twice: of the blanks, and of the tokens.</returns>
    public (Tensor Blanks, Tensor Tokens) ByPlace(Tensor arcs, Tensor last, Tensor frames)
    {
        long batch = arcs.shape[2];
        Tensor zeros = torch.zeros([total, batch, columns], arcs.dtype, arcs.device);
        Tensor tokens = zeros.scatter_add(0, fromToken, arcs.select(1, 1)).roll(-1, 2);
        Tensor lastFrame = frames.sub(Scalars.One).clamp(min: Scalars.Zero).view(1, -1, 1).expand(1, -1, columns);
        Tensor blanks = zeros.scatter_add(0, fromBlank, arcs.select(1, 0)).scatter_add(0, lastFrame, last.unsqueeze(0));
        return (Along(blanks), Along(tokens));
    }

    private static Tensor Along(Tensor plane) => plane.transpose(0, 1);
}
