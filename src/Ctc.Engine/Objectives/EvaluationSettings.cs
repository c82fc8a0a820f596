using Ctc.Engine.Recursions;

namespace Ctc.Engine.Objectives;

/// <summary>How an objective, or one of its heads, evaluates a batch.</summary>
/// <param name="parts">The parts.</param>
internal sealed class EvaluationSettings(ObjectiveParts parts)
{
    /// <summary>Gets the parts.</summary>
    public ObjectiveParts Parts { get; } = parts;

    /// <summary>Gets the recursion to use.</summary>
    /// <value>By default the fastest that supports the lattices.</value>
    public RecursionKind Recursion { get; init; } = RecursionKind.Auto;

    /// <summary>Gets the memory that a recursion may need on the CPU, in bytes.</summary>
    /// <value>By default the memory of the machine.</value>
    public long? MemoryLimit { get; init; }

    /// <summary>Gets the beginning of the places of the parts, such as <c>heads-middle-</c>; empty for the objective itself.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Returns the place of a part, such as <c>auxiliary-minimum-risk</c>: its name among modules, and the purpose of its draws.</summary>
    /// <param name="part">One of the parts, or a decoder.</param>
    /// <returns>A name that no other part has.</returns>
    public string PlaceOf(IPart part) => Prefix + Parts.PlaceOf(part);

    /// <summary>Prepares the posterior over the paths of a lattice.</summary>
    /// <param name="lattice">The lattice.</param>
    /// <param name="scores">[T, B, V].</param>
    /// <param name="frames">[B] lengths of type int64.</param>
    /// <param name="logits">Whether the scores are logits.</param>
    public LatticePosterior Posterior(Lattice lattice, Tensor scores, Tensor frames, bool logits = false) =>
        LatticePosterior.Create(lattice, scores, frames, Recursion, logits, MemoryLimit);
}
