using Ctc.Engine.Recursions.Fused;

namespace Ctc.Engine.Recursions.Autograd;

/// <summary>What goes along with one node of the gradient graph.</summary>
/// <param name="lattice">Of the type and on the device of the scores.</param>
/// <param name="frames">[B] lengths.</param>
internal sealed class LatticeWalk(Lattice lattice, Tensor frames)
{
    private readonly IReadOnlyList<int>? offsets = (lattice.Arcs as BandedArcs)?.Offsets;

    /// <summary>Gets the lattice on the way forward; on the way back its owner may have disposed it.</summary>
    public Lattice Lattice => lattice;

    /// <inheritdoc cref="Lattice"/>
    public Tensor Frames => frames;

    /// <summary>Gets or sets the tensors that the way forward leaves for the way back.</summary>
    public IReadOnlyList<Tensor> Tables { get; set; } = [];

    /// <summary>Gets [T, B, V], where the node reads scores in one row.</summary>
    public long[] ScoresShape { get; init; } = [];

    /// <summary>Gets whether these are logits, whose log-softmax the lattice reads.</summary>
    public bool FromLogits { get; init; }

    /// <summary>Gets or sets whose numbers those are, where the walk is fused.</summary>
    public FusedPosterior? Posterior { get; set; }

    /// <summary>Gets the shapes of the inputs: what the frames score, arc scores, initial and final scores.</summary>
    public long[][] Shapes { get; private set; } = [];

    /// <summary>What autograd keeps.</summary>
    public List<Tensor> Pack(Tensor input)
    {
        Shapes = [input.shape, lattice.Arcs.Scores.shape, lattice.Initial.shape, lattice.Final.shape];
        Tensor sources = lattice.Arcs is IndexedArcs indexed ? indexed.Sources : frames;
        return [input, lattice.Arcs.Scores, lattice.Initial, lattice.Final, lattice.Labels, lattice.Empty, sources, frames, .. Tables];
    }

    /// <summary>Handles of what autograd kept, made for one backward pass.</summary>
    public (Lattice Lattice, Tensor Input, Tensor Frames, IReadOnlyList<Tensor> Tables) Unpack(List<Tensor> saved)
    {
        Arcs arcs = offsets is null ? new IndexedArcs(saved[6], saved[1]) : new BandedArcs(offsets, saved[1]);
        return (new Lattice(saved[4], arcs, saved[2], saved[3], saved[5]), saved[0], saved[7], saved[8..]);
    }
}
