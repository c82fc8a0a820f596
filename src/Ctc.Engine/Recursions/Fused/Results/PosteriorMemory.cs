using System.Numerics;
using Ctc.Engine.Recursions.Fused.Memory;

namespace Ctc.Engine.Recursions.Fused.Results;

/// <summary>The memory of a posterior, written by backward passes. Each utterance has its own part, so threads do not share any.</summary>
/// <param name="posterior">Owns the tensors, and keeps them alive.</param>
/// <typeparam name="T">float or double.</typeparam>
internal sealed class PosteriorMemory<T>(FusedPosterior<T> posterior)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Gets the posterior, which defines the positions of the occupancies.</summary>
    public FusedPosterior<T> Posterior { get; } = posterior;

    /// <summary>Gets the memory of the occupancies.</summary>
    public TensorMemory<T> Shares { get; } = new(posterior.Shares);

    /// <summary>Gets [K, B, S] or [T, K, B, S], zeros before the pass; null if not wanted.</summary>
    public TensorMemory<T>? Arcs { get; } = MemoryOf(posterior.Expectations[0]);

    /// <summary>Gets [B, S] for the first states, zeros before the pass; null if not wanted.</summary>
    public TensorMemory<T>? First { get; } = MemoryOf(posterior.Expectations[1]);

    /// <summary>Gets [B, S] for the last states, zeros before the pass; null if not wanted.</summary>
    public TensorMemory<T>? Last { get; } = MemoryOf(posterior.Expectations[2]);

    private static TensorMemory<T>? MemoryOf(Tensor? tensor) => tensor is null ? null : new TensorMemory<T>(tensor);
}
