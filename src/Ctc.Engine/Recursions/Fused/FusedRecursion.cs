using System.Numerics;
using Ctc.Engine.Paths;

namespace Ctc.Engine.Recursions.Fused;

/// <summary>The recursion over CPU memory, for banded arcs: ln Z in one walk forward, and where wanted the posterior in one walk back.</summary>
/// <remarks>
/// O(T·B·S) time, of which only states that lie on a path of their utterance are visited; O(T·S) memory for each thread and O(T·B·min(S, V)) for the
/// occupancies. Utterances are walked one by one, so the bits do not depend on the number of threads or on the rest of the batch.
/// </remarks>
internal static class FusedRecursion
{
    /// <summary>Says why it cannot be used.</summary>
    /// <param name="lattice">What is to be walked.</param>
    /// <param name="type">Of the scores.</param>
    /// <param name="device">Of the scores.</param>
    /// <returns>What to put behind "because"; null where it can.</returns>
    public static string? Refusal(Lattice lattice, torch.ScalarType type, torch.Device device)
    {
        if (device.type != DeviceType.CPU) return $"the scores are on the device {device}";
        if (type is not (torch.ScalarType.Float32 or torch.ScalarType.Float64)) return $"the scores are of type {type}";
        if (lattice.Arcs is not BandedArcs arcs) return "the arcs of the lattice are not of a few fixed lengths";
        if (arcs.Offsets.Count is 0 or > BandedBatch<float>.Slots) return $"{arcs.Offsets.Count} arcs lead into each state";
        return null;
    }

    /// <summary>Walks.</summary>
    /// <param name="lattice">One that is not refused.</param>
    /// <param name="scores">[T, B, V], T ≥ 1.</param>
    /// <param name="lengths">[B] of type int64.</param>
    /// <param name="posterior">Whether the walk back is wanted.</param>
    /// <param name="softmax">That of the scores, where these are logits and ln Z of their log-softmax is wanted.</param>
    /// <param name="asked">Of which of the lattice's scores the posterior is wanted as well; by default of those that require grad.</param>
    /// <returns>[B] ln Z, for a length of 0 a number without meaning; and the posterior where it is wanted.</returns>
    public static (Tensor LogZ, FusedPosterior? Posterior) Run(
        Lattice lattice, Tensor scores, Tensor lengths, bool posterior, Softmax? softmax = null, Func<Tensor, bool>? asked = null)
    {
        asked ??= own => own.requires_grad;
        return scores.dtype == torch.float64
            ? Run<double>(lattice, scores, lengths, posterior ? asked : null, softmax)
            : Run<float>(lattice, scores, lengths, posterior ? asked : null, softmax);
    }

    /// <summary>The best path of each utterance.</summary>
    /// <inheritdoc cref="Run"/>
    /// <returns>[B] scores, and [T, B] states of type int64, as of <see cref="ViterbiAlignment"/>.</returns>
    public static (Tensor Score, Tensor States) BestPaths(Lattice lattice, Tensor scores, Tensor lengths) =>
        scores.dtype == torch.float64 ? BestPaths<double>(lattice, scores, lengths) : BestPaths<float>(lattice, scores, lengths);

    private static (Tensor Score, Tensor States) BestPaths<T>(Lattice lattice, Tensor scores, Tensor lengths)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var batch = new BandedBatch<T>(lattice, scores, lengths);
        Tensor best = torch.empty([batch.Utterances], scores.dtype), states = torch.full([batch.Frames, batch.Utterances], -1L, torch.int64);
        (TensorMemory<T> bestScores, TensorMemory<long> paths) = (new(best), new(states));
        int[] order = LongestFirst(batch);
        Workers.Share(batch.Utterances, () => new ViterbiWalk<T>(batch), (walk, piece) => bestScores[order[piece]] = walk.Run(order[piece], paths));
        GC.KeepAlive(batch);
        return (torch.where(lengths == 0, lattice.Empty, best), states);
    }

    private static int[] LongestFirst<T>(BandedBatch<T> batch)
        where T : unmanaged => [.. Enumerable.Range(0, batch.Utterances).OrderByDescending(b => batch.Lengths[b])];

    private static (Tensor LogZ, FusedPosterior? Posterior) Run<T>(Lattice lattice, Tensor scores, Tensor lengths, Func<Tensor, bool>? asked, Softmax? softmax)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var withoutGradient = torch.no_grad();
        var batch = new BandedBatch<T>(lattice, scores, lengths);
        Tensor logZ = torch.empty([batch.Utterances], scores.dtype);
        var totals = new TensorMemory<T>(logZ);
        TensorMemory<double>? logSums = softmax is null ? null : new(softmax.LogSums);
        FusedOutputs<T>? outputs = asked is null ? null : Outputs(batch, lattice, asked);
        int rows = outputs is null ? 0 : (int)batch.Lengths.Append(0).Max();
        int[] order = LongestFirst(batch);
        Workers.Share(batch.Utterances, () => new BandedWalk<T>(batch, rows), (walk, piece) =>
        {
            int b = order[piece];
            double total = walk.Forward(b) - Normaliser(b);
            totals[b] = T.CreateTruncating(total);
            if (outputs is null) return;
            if (double.IsFinite(total)) walk.Back(outputs);
            else if (double.IsNaN(total)) outputs.Posterior.Spoil(outputs.Shares, b);
        });
        GC.KeepAlive(batch);
        GC.KeepAlive(softmax);
        return (logZ, outputs?.Posterior);

        double Normaliser(int utterance)
        {
            double sum = 0;
            if (logSums is { } ofFrames) for (long t = 0; t < batch.Lengths[utterance]; t++) sum += ofFrames[(t * batch.Utterances) + utterance];
            return sum;
        }
    }

    private static FusedOutputs<T> Outputs<T>(BandedBatch<T> batch, Lattice lattice, Func<Tensor, bool> asked)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var posterior = new BandedPosterior<T>(batch, lattice, asked);
        TensorMemory<T>?[] expectations = [.. posterior.Expectations.Select(tensor => tensor is null ? null : (TensorMemory<T>?)new TensorMemory<T>(tensor))];
        return new FusedOutputs<T>(posterior, new(posterior.Shares), expectations[0], expectations[1], expectations[2]);
    }
}
