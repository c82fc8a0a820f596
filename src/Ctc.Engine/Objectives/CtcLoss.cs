namespace Ctc.Engine.Objectives;

/// <summary>A loss with the habits of <c>torch.nn.CTCLoss</c>: the same arguments, the same defaults, and any variant inside.</summary>
/// <remarks>
/// Two things differ, both for the better. The gradient with respect to the log-probabilities is the true one, −γ, so it stays right behind
/// anything other than a log-softmax; and where libtorch gives an infeasible utterance the gradient NaN, here it is 0.
/// </remarks>
/// <param name="blank">The token of the blank.</param>
/// <param name="reduction">By default torch's mean: each loss divided by its target's length, then averaged.</param>
/// <param name="zeroInfinity">Whether infeasible utterances have loss 0 instead of +∞.</param>
/// <param name="parts">What the objective is composed of; by default nothing, which is plain CTC. Disposed with this.</param>
public sealed class CtcLoss(long blank = 0, Reduction reduction = Reduction.Mean, bool zeroInfinity = false, ObjectiveParts? parts = null) : IDisposable
{
    private readonly Objective objective = new(parts ?? new ObjectiveParts(), reduction, zeroInfinity ? InfeasiblePolicy.Zero : InfeasiblePolicy.Inf);

    /// <summary>The loss of a batch.</summary>
    /// <param name="logProbs">[T, B, V] log-probabilities in nats, as from a log-softmax.</param>
    /// <param name="targets">[B, U] padded, or one after the other in one dimension; int32 or int64.</param>
    /// <param name="inputLengths">[B] frames.</param>
    /// <param name="targetLengths">[B] tokens.</param>
    /// <returns>One number, or [B] under the reduction none.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit one another, or a label lies outside the vocabulary or is the blank.</exception>
    public Tensor forward(Tensor logProbs, Tensor targets, Tensor inputLengths, Tensor targetLengths)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        long[] lengths = Numbers(targetLengths);
        var batch = new Batch(Split(targets, lengths), Numbers(inputLengths), logProbs.shape[^1], blank);
        return objective.Evaluate(logProbs, batch, InputKind.LogProbs).Loss.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => objective.Dispose();

    private static long[] Numbers(Tensor tensor) => tensor.to(torch.int64).cpu().contiguous().data<long>().ToArray();

    private static long[][] Split(Tensor targets, long[] lengths)
    {
        if (lengths.Any(length => length < 0)) throw new ArgumentException($"A target length is {lengths.Min()}; expected 0 or more.");
        bool padded = targets.dim() == 2;
        if (padded && (targets.shape[0] != lengths.Length || lengths.Any(length => length > targets.shape[1])))
        {
            throw new ArgumentException($"The targets have shape [{string.Join(", ", targets.shape)}]; expected [{lengths.Length}, {lengths.Append(0).Max()}] or wider, as the target lengths say.");
        }

        if (!padded && targets.numel() != lengths.Sum())
        {
            throw new ArgumentException($"There are {targets.numel()} target tokens; expected {lengths.Sum()}, as the target lengths say.");
        }

        long[] flat = Numbers(targets);
        var rows = new long[lengths.Length][];
        long start = 0;
        for (int b = 0; b < rows.Length; b++)
        {
            rows[b] = flat.AsSpan((int)start, (int)lengths[b]).ToArray();
            start += padded ? targets.shape[1] : lengths[b];
        }

        return rows;
    }
}
