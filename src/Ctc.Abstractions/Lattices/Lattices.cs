namespace Ctc;

/// <summary>The lattices that a topology builds from targets. The loss is ln Z of the denominator minus ln Z of the numerator.</summary>
/// <param name="numerator">The paths that spell the target.</param>
/// <param name="denominator">All paths; null if their sum is known to be 1, as with normalised emissions under CTC.</param>
public sealed class Lattices(Lattice numerator, Lattice? denominator = null)
{
    /// <summary>Gets the paths that spell the target.</summary>
    public Lattice Numerator { get; } = numerator;

    /// <summary>Gets all paths; null if their sum is known to be 1.</summary>
    public Lattice? Denominator { get; } = denominator;
}
