using System.Numerics;
using Ctc.Engine.Recursions.Fused.Memory;
using Ctc.Engine.Recursions.Fused.Results;

namespace Ctc.Engine.Recursions.Fused;

/// <summary>The covariances of a value of paths with the tokens, arcs and ends that they take: derivatives of second order of ln Z.</summary>
/// <remarks>
/// O(T·B·S) time; O(T·S) memory for each thread, O(√T·S) beyond a limit, and O(T·B·min(S, V)) for the result. No operation is recorded.
/// </remarks>
internal static class FusedCovariance
{
    /// <summary>Computes the mean of the value and its derivatives.</summary>
    /// <param name="lattice">One for which <see cref="FusedRecursion.TakesInFull"/>.</param>
    /// <param name="scores">[T, B, V], T ≥ 1.</param>
    /// <param name="lengths">[B] of type int64.</param>
    /// <param name="values">The value of a path is its score under this lattice, which differs in scores only, and under ...</param>
    /// <param name="ofTokens">... these scores, [T, B, V], or [T, B, S] by state. −∞ counts as 0: no path takes it.</param>
    /// <param name="limit">The memory of α for each thread, in bytes, beyond which it is kept in blocks: <see cref="FrameBlocks"/>.</param>
    /// <param name="byState">Whether the values are those of states.</param>
    /// <returns>
    /// [B] of type float64: ln Z, as of <see cref="FusedRecursion.Run"/>; E[V], 0 where no path explains the frames; and the covariances, in the
    /// places of a posterior.
    /// </returns>
    public static (Tensor LogZ, Tensor Mean, FusedPosterior Covariances) Run(
        Lattice lattice, Tensor scores, Tensor lengths, Lattice values, Tensor ofTokens, long limit = FrameBlocks.Limit, bool byState = false) =>
        scores.dtype == torch.float64
            ? Run<double>(lattice, scores, lengths, values, ofTokens, limit, byState)
            : Run<float>(lattice, scores, lengths, values, ofTokens, limit, byState);

    private static (Tensor LogZ, Tensor Mean, FusedPosterior Covariances) Run<T>(
        Lattice lattice, Tensor scores, Tensor lengths, Lattice values, Tensor ofTokens, long limit, bool byState)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var withoutGradient = torch.no_grad();
        var batch = new BandedBatch<T>(lattice, scores, lengths);
        var own = new BandedBatch<T>(values.Cast(scores.dtype, scores.device), ofTokens.to(scores.dtype), lengths);
        Tensor logZ = torch.empty([batch.Utterances], torch.float64), mean = torch.zeros([batch.Utterances], torch.float64);
        (TensorMemory<double> totals, TensorMemory<double> means) = (new(logZ), new(mean));
        var outputs = new PosteriorMemory<T>(new FusedPosterior<T>(batch, lattice, input => input.requires_grad));
        FusedRecursion.RunEach(batch, outputs, rows => DoublePass.CreateCovariance(batch, own, rows, limit, byState), (pass, b, total) =>
        {
            totals[b] = total;
            if (double.IsFinite(total)) means[b] = pass.Mean;
        });
        GC.KeepAlive(own);
        return (logZ, mean, outputs.Posterior);
    }
}
