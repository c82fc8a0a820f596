using System.Numerics;

namespace Ctc.Engine.Recursions.Fused;

/// <summary>Where walks back write, each utterance in places of its own.</summary>
/// <param name="Posterior">Knows the places of the occupancies.</param>
/// <param name="Shares">Room for the occupancies.</param>
/// <param name="Arcs">[K, B, S] or [T, K, B, S], zeros before; null where nobody asks.</param>
/// <param name="First">[B, S], zeros before; null where nobody asks.</param>
/// <param name="Last">[B, S], zeros before; null where nobody asks.</param>
/// <typeparam name="T">float or double.</typeparam>
internal sealed record FusedOutputs<T>(BandedPosterior<T> Posterior, TensorMemory<T> Shares, TensorMemory<T>? Arcs, TensorMemory<T>? First, TensorMemory<T>? Last)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;
