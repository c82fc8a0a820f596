using System.Runtime.CompilerServices;

namespace Ctc.Engine.Recursions.Fused.Numbers;

/// <summary>How methods with a loop over vectors are compiled.</summary>
internal static class InnerLoop
{
    /// <summary>
    /// For speed at once, and by themselves: inlined into a caller they would exceed what the JIT inlines in one method, and the operators of vectors
    /// become calls.
    /// </summary>
    public const MethodImplOptions Compiled = MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining;
}
