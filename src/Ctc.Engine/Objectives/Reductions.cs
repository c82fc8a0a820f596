namespace Ctc.Engine.Objectives;

/// <summary>The arithmetic of <see cref="Reduction"/>.</summary>
internal static class Reductions
{
    /// <summary>Reduces the losses of a batch to one number, or keeps them.</summary>
    /// <param name="losses">[B].</param>
    /// <param name="batch">The source of the token and frame counts.</param>
    /// <param name="reduction">The reduction to apply.</param>
    /// <param name="without">Positions excluded from every sum and count; their losses are already 0.</param>
    public static Tensor Reduce(Tensor losses, Batch batch, Reduction reduction, IReadOnlyCollection<int> without)
    {
        int[] kept = [.. Enumerable.Range(0, batch.Size).Except(without)];
        return reduction switch
        {
            Reduction.None => losses,
            Reduction.Sum => losses.sum(),
            Reduction.Mean => (losses / Tokens(losses, batch)).sum() / Count(losses, kept.Length),
            Reduction.MeanUtterance => losses.sum() / Count(losses, kept.Length),
            Reduction.MeanToken => losses.sum() / Count(losses, kept.Sum(b => batch.Targets[b].LongLength)),
            Reduction.MeanFrame => losses.sum() / Count(losses, kept.Sum(b => batch.Frames[b])),
            _ => throw new ArgumentOutOfRangeException(nameof(reduction)),
        };
    }

    // An empty batch, or one with only empty targets, is divided by 1.
    private static Tensor Count(Tensor losses, long count) => torch.tensor((double)Math.Max(count, 1), losses.dtype, losses.device);

    private static Tensor Tokens(Tensor losses, Batch batch) =>
        torch.tensor([.. batch.Targets.Select(target => (double)Math.Max(target.Length, 1))], losses.dtype, losses.device);
}
