namespace Ctc.Engine.Objectives;

/// <summary>A quantity of the alignments through which the gradient of a part flows.</summary>
/// <param name="quantity">The occupancy or the entropy.</param>
/// <param name="part">The name of the part that reads it.</param>
public sealed class DifferentiatedQuantity(Needs quantity, string part)
{
    /// <summary>Gets the quantity.</summary>
    /// <value><see cref="Needs.DifferentiableOccupancy"/> or <see cref="Needs.Entropy"/>.</value>
    public Needs Quantity { get; } = quantity;

    /// <summary>Gets the name of the part that reads it.</summary>
    public string Part { get; } = part;
}
