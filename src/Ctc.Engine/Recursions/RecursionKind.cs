namespace Ctc.Engine.Recursions;

/// <summary>The implementation of the recursion over time. All give the same numbers, up to rounding.</summary>
public enum RecursionKind
{
    /// <summary>The fused one if it supports the lattice, type and device, otherwise the differentiable one.</summary>
    Auto,

    /// <summary>By torch operations: for any lattice and any device.</summary>
    Differentiable,

    /// <summary>
    /// A kernel over CPU memory, many times faster: for scores on the CPU in float32 or float64. Sampled paths still use torch operations; and over
    /// arcs that are not of at most three fixed lengths best paths, occupancies and entropies that have a gradient, and gradients of gradients.
    /// </summary>
    Fused,
}
