using System.Numerics;
using System.Runtime.Intrinsics;
using Ctc.Engine.Recursions.Fused.Memory;
using Ctc.Engine.Recursions.Fused.Numbers;

namespace Ctc.Engine.Recursions.Fused;

/// <summary>The passes in double, with the widest vectors of the processor.</summary>
internal static class DoublePass
{
    /// <summary>Creates the pass over a batch.</summary>
    /// <inheritdoc cref="UtterancePass{T, TLanes}(LatticeBatch{T}, int, long, int)"/>
    public static IPass<T> Create<T>(LatticeBatch<T> batch, int rows, long limit)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Vector512.IsHardwareAccelerated
            ? Create<T, DoubleLanes512>(batch, rows, limit)
            : Create<T, DoubleLanes256>(batch, rows, limit);

    /// <summary>Creates the pass that computes covariances with a value of paths.</summary>
    /// <inheritdoc cref="CovariancePass{T, TLanes}(BandedBatch{T}, BandedBatch{T}, int, long, bool)"/>
    public static ICovariancePass<T> CreateCovariance<T>(BandedBatch<T> batch, BandedBatch<T> values, int rows, long limit, bool byState)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Vector512.IsHardwareAccelerated
            ? new CovariancePass<T, DoubleLanes512>(batch, values, rows, limit, byState)
            : new CovariancePass<T, DoubleLanes256>(batch, values, rows, limit, byState);

    /// <summary>Creates the pass over a batch with vectors of one kind.</summary>
    /// <inheritdoc cref="UtterancePass{T, TLanes}(LatticeBatch{T}, int, long, int)"/>
    public static IPass<T> Create<T, TLanes>(LatticeBatch<T> batch, int rows, long limit)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, IDoubleLanes<TLanes> => batch is BandedBatch<T> banded
            ? new BandedPass<T, TLanes>(banded, rows, limit)
            : new IndexedPass<T, TLanes>((IndexedBatch<T>)batch, rows, limit);
}
