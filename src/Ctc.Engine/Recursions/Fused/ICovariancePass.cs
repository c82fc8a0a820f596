using System.Numerics;

namespace Ctc.Engine.Recursions.Fused;

/// <summary>A pass whose outputs are covariances with a value of paths.</summary>
/// <inheritdoc/>
internal interface ICovariancePass<T> : IPass<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Gets the mean value of the paths of the utterance of the last backward pass.</summary>
    double Mean { get; }
}
