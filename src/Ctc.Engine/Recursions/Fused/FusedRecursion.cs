using System.Numerics;
using Ctc.Engine.Recursions.Fused.FrameByFrame;
using Ctc.Engine.Recursions.Fused.Memory;
using Ctc.Engine.Recursions.Fused.Results;

namespace Ctc.Engine.Recursions.Fused;

/// <summary>The recursion over CPU memory: ln Z by a forward pass, and if wanted the posterior by a backward pass.</summary>
/// <remarks>
/// O(T·B·S) time, restricted to states that are on a path of their utterance; O(T·S) memory for each thread, O(√T·S) beyond a limit, and
/// O(T·B·min(S, V)) for the occupancies. Utterances are computed one by one, so the bits do not depend on the number of threads or on the rest of
/// the batch.
/// </remarks>
internal static class FusedRecursion
{
    private static readonly Scalar NoState = -1L;

    /// <summary>Returns why this recursion cannot be used.</summary>
    /// <param name="type">Of the scores.</param>
    /// <param name="device">Of the scores.</param>
    /// <returns>A clause to follow "because"; null if it can be used.</returns>
    public static string? Refusal(torch.ScalarType type, torch.Device device)
    {
        if (device.type != DeviceType.CPU) return $"the scores are on the device {device}";
        if (type is not (torch.ScalarType.Float32 or torch.ScalarType.Float64)) return $"the scores are of type {type}";
        return null;
    }

    /// <summary>Computes ln Z, and if wanted the posterior.</summary>
    /// <param name="lattice">Of the type of the scores, checked by <see cref="LatticeCheck"/>.</param>
    /// <param name="scores">[T, B, V], T ≥ 1.</param>
    /// <param name="lengths">[B] of type int64.</param>
    /// <param name="posterior">Whether to run the backward pass.</param>
    /// <param name="wanted">Whether the posterior of an input (arc, initial or final scores) is wanted; by default if it requires grad.</param>
    /// <param name="limit">The memory of α for each thread, in bytes, beyond which it is kept in blocks: <see cref="FrameBlocks"/>.</param>
    /// <param name="byState">Whether the shares of the posterior are those of states, [T, B, S], not of tokens.</param>
    /// <returns>[B] ln Z, undefined for a length of 0; and the posterior, null if not wanted.</returns>
    public static (Tensor LogZ, FusedPosterior? Posterior) Run(
        Lattice lattice,
        Tensor scores,
        Tensor lengths,
        bool posterior,
        Func<Tensor, bool>? wanted = null,
        long limit = FrameBlocks.Limit,
        bool byState = false)
    {
        wanted ??= input => input.requires_grad;
        return scores.dtype == torch.float64
            ? Run<double>(lattice, scores, lengths, posterior ? wanted : null, limit, byState)
            : Run<float>(lattice, scores, lengths, posterior ? wanted : null, limit, byState);
    }

    /// <summary>Returns whether best paths and covariances can be computed: of arcs of at most three fixed lengths.</summary>
    public static bool TakesInFull(Lattice lattice) => BandedBatch<float>.Takes(lattice);

    /// <summary>Computes the best path of each utterance of a lattice for which <see cref="TakesInFull"/>.</summary>
    /// <inheritdoc cref="Run"/>
    /// <returns>[B] log-scores, −∞ where there is no path; and [T, B] states of type int64, −1 in padding and where there is no path.</returns>
    public static (Tensor Score, Tensor States) BestPaths(
        Lattice lattice, Tensor scores, Tensor lengths, long limit = FrameBlocks.Limit, long? manyStates = null) =>
        scores.dtype == torch.float64
            ? BestPaths<double>(lattice, scores, lengths, limit, manyStates ?? PathBound<double>.ManyStates)
            : BestPaths<float>(lattice, scores, lengths, limit, manyStates ?? PathBound<float>.ManyStates);

    /// <summary>Runs a pass over each utterance, on as many threads as libtorch may use, the longest utterance first.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="outputs">The outputs of the backward pass; null for a forward pass alone.</param>
    /// <param name="create">Creates the pass of a thread, from the number of frames whose α is kept.</param>
    /// <param name="write">Is called with the pass, the utterance and its ln Z.</param>
    public static void RunEach<T, TPass>(
        LatticeBatch<T> batch, PosteriorMemory<T>? outputs, Func<int, TPass> create, Action<TPass, int, double> write)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TPass : IPass<T>
    {
        int rows = outputs is null ? 0 : (int)batch.Lengths.Append(0).Max();
        int[] order = LongestFirst(batch);
        Workers.Share(batch.Utterances, () => create(rows), (pass, piece) =>
        {
            int b = order[piece];
            double total = pass.Forward(b);
            if (outputs is not null && double.IsFinite(total)) pass.Backward(outputs);
            else if (double.IsNaN(total)) outputs?.Posterior.FillWithNaN(outputs.Shares, b);
            write(pass, b, total);
        });
        GC.KeepAlive(batch);
    }

    // The order in which threads take the utterances.
    private static int[] LongestFirst<T>(LatticeBatch<T> batch)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => [.. Enumerable.Range(0, batch.Utterances).OrderByDescending(b => batch.Lengths[b])];

    private static (Tensor Score, Tensor States) BestPaths<T>(Lattice lattice, Tensor scores, Tensor lengths, long limit, long manyStates)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var batch = new BandedBatch<T>(lattice, scores, lengths);
        Tensor best = torch.empty([batch.Utterances], scores.dtype), states = torch.full([batch.Frames, batch.Utterances], NoState, torch.int64);
        (TensorMemory<T> bestScores, TensorMemory<long> paths) = (new(best), new(states));
        int[] order = LongestFirst(batch);
        Workers.Share(
            batch.Utterances,
            () => new ViterbiPass<T>(batch, limit, manyStates),
            (pass, piece) => bestScores[order[piece]] = pass.Run(order[piece], paths));
        GC.KeepAlive(batch);
        return (torch.where(lengths.eq(Scalars.Zero), lattice.Empty, best), states);
    }

    private static IPass<T> Pass<T>(LatticeBatch<T> batch, int rows, PosteriorMemory<T>? outputs, long limit)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => batch switch
        {
            BandedBatch<float> singles => (IPass<T>)(object)new SinglesFirst(singles, rows, (PosteriorMemory<float>?)(object?)outputs, limit),
            _ => DoublePass.Create(batch, rows, limit),
        };

    private static (Tensor LogZ, FusedPosterior? Posterior) Run<T>(
        Lattice lattice, Tensor scores, Tensor lengths, Func<Tensor, bool>? wanted, long limit, bool byState)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var withoutGradient = torch.no_grad();
        var batch = LatticeBatch<T>.Create(lattice, scores, lengths);
        Tensor logZ = torch.empty([batch.Utterances], scores.dtype);
        var totals = new TensorMemory<T>(logZ);
        PosteriorMemory<T>? outputs = wanted is null ? null : new(new FusedPosterior<T>(batch, lattice, wanted, byState));
        RunEach(
            batch, outputs, rows => Pass(batch, rows, outputs, limit), (_, b, total) => totals[b] = T.CreateTruncating(total));
        return (logZ, outputs?.Posterior);
    }
}
