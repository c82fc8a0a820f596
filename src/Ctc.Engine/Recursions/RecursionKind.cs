namespace Ctc.Engine.Recursions;

/// <summary>Which implementation of the recursion walks through time. All give the same numbers, to rounding.</summary>
public enum RecursionKind
{
    /// <summary>The fused one where it can be used, and the differentiable one elsewhere.</summary>
    Auto,

    /// <summary>The one made of torch operations: for any lattice and any device.</summary>
    Differentiable,

    /// <summary>
    /// The one written by hand, many times faster: for scores on the CPU and arcs of at most three fixed lengths. Gradients of gradients, occupancies
    /// and entropies that have a gradient, and paths drawn at random are still computed with torch operations.
    /// </summary>
    Fused,
}
