namespace Ctc;

/// <summary>Extension point: rescores the arcs of the numerator of any topology, for example by a delay penalty.</summary>
public interface ILatticeTransform : IPart
{
    /// <summary>Returns the lattice with other arc scores, which may depend on time.</summary>
    /// <param name="numerator">The lattice of the targets.</param>
    /// <param name="batch">Targets and lengths.</param>
    /// <returns>A lattice with the same states.</returns>
    Lattice Transform(Lattice numerator, Batch batch);
}
