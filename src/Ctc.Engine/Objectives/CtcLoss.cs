namespace Ctc.Engine.Objectives;

/// <summary>A loss with the interface of <c>torch.nn.CTCLoss</c>: the same arguments, the same defaults, and any variant inside.</summary>
/// <remarks>
/// There are two differences. The gradient with respect to the log-probabilities is the true one, −γ, so it is right behind
/// anything other than a log-softmax; and libtorch's gradient of an infeasible utterance is NaN, here it is 0.
/// </remarks>
public sealed class CtcLoss : torch.nn.Module<Tensor, Tensor, Tensor, Tensor, Tensor>
{
    private readonly long blank;
    private readonly Objective objective;

    /// <summary>Composes the loss.</summary>
    /// <param name="blank">The token of the blank.</param>
    /// <param name="reduction">By default torch's mean: each loss divided by its target's length, then averaged.</param>
    /// <param name="zeroInfinity">Whether infeasible utterances have loss 0 instead of +∞.</param>
    /// <param name="parts">The parts of the objective; by default none, which is plain CTC. Disposed with the loss.</param>
    public CtcLoss(long blank = 0, Reduction reduction = Reduction.Mean, bool zeroInfinity = false, ObjectiveParts? parts = null)
        : base(nameof(CtcLoss))
    {
        this.blank = blank;
        objective = new Objective(parts ?? new ObjectiveParts(), reduction, zeroInfinity ? InfeasiblePolicy.Zero : InfeasiblePolicy.Inf);
        register_module(nameof(objective), objective);
    }

    /// <summary>The loss of a batch.</summary>
    /// <param name="logProbs">[T, B, V] log-probabilities in nats, as from a log-softmax.</param>
    /// <param name="targets">[B, U] padded, or one after the other in one dimension; int32 or int64.</param>
    /// <param name="inputLengths">[B] frames.</param>
    /// <param name="targetLengths">[B] tokens.</param>
    /// <returns>One number, or [B] under the reduction none.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit one another, or a label is outside the vocabulary or is the blank.</exception>
    public override Tensor forward(Tensor logProbs, Tensor targets, Tensor inputLengths, Tensor targetLengths)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        long[] lengths = Numbers(targetLengths);
        var batch = new Batch(Split(targets, lengths), Numbers(inputLengths), logProbs.shape[^1], blank);
        return objective.Evaluate(logProbs, batch, InputKind.LogProbs).Loss.MoveToOuterDisposeScope();
    }

    // The base class would dispose the parts of the objective twice.
    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) objective.Dispose();
        base.Dispose(disposing: false);
    }

    private static long[] Numbers(Tensor tensor) => tensor.to(torch.int64).cpu().contiguous().data<long>().ToArray();

    private static long[][] Split(Tensor targets, long[] targetLengths)
    {
        if (targetLengths.Any(length => length < 0))
        {
            throw new ArgumentException($"A target length is {targetLengths.Min()}; expected 0 or more.", nameof(targetLengths));
        }

        bool padded = targets.dim() == 2;
        if (padded && (targets.shape[0] != targetLengths.Length || targetLengths.Any(length => length > targets.shape[1])))
        {
            string expected = $"[{targetLengths.Length}, {targetLengths.Append(0).Max()}] or wider, as the target lengths say";
            throw new ArgumentException($"The targets have shape [{string.Join(", ", targets.shape)}]; expected {expected}.", nameof(targets));
        }

        if (!padded && targets.numel() != targetLengths.Sum())
        {
            throw new ArgumentException(
                $"There are {targets.numel()} target tokens; expected {targetLengths.Sum()}, as the target lengths say.", nameof(targets));
        }

        long[] flat = Numbers(targets);
        var rows = new long[targetLengths.Length][];
        long start = 0;
        for (int b = 0; b < rows.Length; b++)
        {
            rows[b] = flat.AsSpan((int)start, (int)targetLengths[b]).ToArray();
            start += padded ? targets.shape[1] : targetLengths[b];
        }

        return rows;
    }
}
