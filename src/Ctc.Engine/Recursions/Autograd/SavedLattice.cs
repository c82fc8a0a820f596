namespace Ctc.Engine.Recursions.Autograd;

/// <summary>The data that a node of the gradient graph passes from its forward to its backward pass.</summary>
/// <param name="lattice">Of the type and on the device of the scores.</param>
/// <param name="frames">[B] lengths.</param>
internal class SavedLattice(Lattice lattice, Tensor frames) : SavedInputs
{
    private readonly IReadOnlyList<int>? offsets = (lattice.Arcs as BandedArcs)?.Offsets;

    /// <summary>Gets the lattice. Valid in the forward pass only: its owner may have disposed it before the backward pass.</summary>
    public Lattice Lattice => lattice;

    /// <summary>Gets the lengths. Valid in the forward pass only: their owner may have disposed them before the backward pass.</summary>
    public Tensor Frames => frames;

    /// <summary>Gets or sets the tensors that the forward pass leaves for the backward pass.</summary>
    public IReadOnlyList<Tensor> Tables { get; set; } = [];

    /// <inheritdoc/>
    /// <remarks>The inputs are scores or emissions, arc scores, initial and final scores.</remarks>
    public override List<Tensor> Pack(Tensor input)
    {
        Shapes = [input.shape, lattice.Arcs.Scores.shape, lattice.Initial.shape, lattice.Final.shape];
        Tensor sources = lattice.Arcs is IndexedArcs indexed ? indexed.Sources : frames;
        return [input, lattice.Arcs.Scores, lattice.Initial, lattice.Final, lattice.Labels, lattice.Empty, sources, frames, .. Tables];
    }

    /// <summary>Rebuilds the lattice and the tables from the tensors that autograd saved, which are new handles for each backward pass.</summary>
    /// <param name="saved">In the order of <see cref="Pack"/>.</param>
    public (Lattice Lattice, Tensor Input, Tensor Frames, IReadOnlyList<Tensor> Tables) Unpack(List<Tensor> saved)
    {
        Arcs arcs = offsets is null ? new IndexedArcs(saved[6], saved[1]) : new BandedArcs(offsets, saved[1]);
        return (new Lattice(saved[4], arcs, saved[2], saved[3], saved[5]), saved[0], saved[7], saved[8..]);
    }
}
