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
        Tensor count = torch.tensor((double)Math.Max(Count(batch, reduction, without), 1), losses.dtype, losses.device);
        return reduction switch
        {
            Reduction.None => losses,
            Reduction.Sum => losses.sum(),
            Reduction.Mean => (losses / Tokens(losses, batch)).sum() / count,
            Reduction.MeanUtterance or Reduction.MeanToken or Reduction.MeanFrame => losses.sum() / count,
            _ => throw new ArgumentOutOfRangeException(nameof(reduction)),
        };
    }

    /// <summary>The number by which a reduction divides the sum of the losses: of utterances, tokens or frames.</summary>
    /// <inheritdoc cref="Reduce"/>
    /// <returns>
    /// 0 if no utterance is left. Else 1 or more: 1 for a sum, and for a batch with only empty targets or no frames.
    /// </returns>
    public static long Count(Batch batch, Reduction reduction, IReadOnlyCollection<int> without)
    {
        int[] kept = [.. Enumerable.Range(0, batch.Size).Except(without)];
        return kept.Length == 0 ? 0 : Math.Max(1, reduction switch
        {
            Reduction.Mean or Reduction.MeanUtterance => kept.Length,
            Reduction.MeanToken => kept.Sum(b => batch.Targets[b].LongLength),
            Reduction.MeanFrame => kept.Sum(b => batch.Frames[b]),
            _ => 1,
        });
    }

    private static Tensor Tokens(Tensor losses, Batch batch) =>
        torch.tensor([.. batch.Targets.Select(target => (double)Math.Max(target.Length, 1))], losses.dtype, losses.device);
}
