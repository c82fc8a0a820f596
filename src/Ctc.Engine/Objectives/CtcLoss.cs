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

    /// <summary>The loss of a batch, or of one utterance.</summary>
    /// <param name="logProbs">
    /// [T, B, V] log-probabilities in nats, as from a log-softmax, of a floating type; or [T, V], one utterance without the dimension of the batch.
    /// </param>
    /// <param name="targets">[B, U] padded, or one after the other in one dimension; of a type of whole numbers, such as int32 or int64.</param>
    /// <param name="inputLengths">[B] frames, of a type of whole numbers; of one utterance also a number without dimensions.</param>
    /// <param name="targetLengths">[B] tokens, as the frames.</param>
    /// <returns>One number; under the reduction none [B], or one number for one utterance without the dimension of the batch.</returns>
    /// <exception cref="ArgumentException">
    /// The shapes do not fit one another, a tensor has another type, or a label is outside the vocabulary or is the blank.
    /// </exception>
    public override Tensor forward(Tensor logProbs, Tensor targets, Tensor inputLengths, Tensor targetLengths)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        long[] frames = Lengths(inputLengths, nameof(inputLengths)), tokens = Lengths(targetLengths, nameof(targetLengths));
        return forward(logProbs, targets, frames, tokens).MoveToOuterDisposeScope();
    }

    /// <inheritdoc cref="forward(Tensor, Tensor, Tensor, Tensor)"/>
    /// <param name="logProbs">
    /// [T, B, V] log-probabilities in nats, as from a log-softmax, of a floating type; or [T, V], one utterance without the dimension of the batch.
    /// </param>
    /// <param name="targets">[B, U] padded, or one after the other in one dimension; of a type of whole numbers, such as int32 or int64.</param>
    /// <param name="inputLengths">B frames.</param>
    /// <param name="targetLengths">B tokens.</param>
    public Tensor forward(Tensor logProbs, Tensor targets, long[] inputLengths, long[] targetLengths)
    {
        ArgumentNullException.ThrowIfNull(logProbs);
        ArgumentNullException.ThrowIfNull(inputLengths);
        ArgumentNullException.ThrowIfNull(targetLengths);
        using DisposeScope scope = torch.NewDisposeScope();
        bool single = logProbs.dim() == 2;
        Tensor inputs = single ? logProbs.unsqueeze(1) : logProbs;
        if (inputs.dim() != 3)
        {
            string shape = string.Join(", ", logProbs.shape);
            throw new ArgumentException(
                $"The log-probabilities have shape [{shape}]; expected [T, B, V], or [T, V] for one utterance.", nameof(logProbs));
        }

        CheckCount(inputLengths, inputs.shape[1], nameof(inputLengths));
        CheckCount(targetLengths, inputs.shape[1], nameof(targetLengths));
        var batch = new Batch(Split(targets, targetLengths), inputLengths, inputs.shape[2], blank);
        Tensor loss = objective.Evaluate(inputs, batch, InputKind.LogProbs).Loss;
        return (single && loss.dim() == 1 ? loss.squeeze(0) : loss).MoveToOuterDisposeScope();
    }

    // The base class would dispose the parts of the objective twice.
    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) objective.Dispose();
        base.Dispose(disposing: false);
    }

    private static void CheckCount(long[] lengths, long batch, string name)
    {
        if (lengths.Length == batch) return;
        throw new ArgumentException($"There are {lengths.Length} lengths for {batch} utterances; expected one for each.", name);
    }

    private static long[] Lengths(Tensor tensor, string name)
    {
        ArgumentNullException.ThrowIfNull(tensor, name);
        if (tensor.dim() <= 1) return Wholes(tensor, name);
        throw new ArgumentException($"The lengths have shape [{string.Join(", ", tensor.shape)}]; expected [B].", name);
    }

    // Other types would be truncated without a word.
    private static long[] Wholes(Tensor tensor, string name)
    {
        bool whole = tensor.dtype is torch.ScalarType.Int64 or torch.ScalarType.Int32 or torch.ScalarType.Int16 or torch.ScalarType.Int8
            or torch.ScalarType.Byte;
        if (!whole) throw new ArgumentException($"The tensor is of type {tensor.dtype}; expected whole numbers, such as Int32 or Int64.", name);
        return tensor.numel() == 0 ? [] : [.. tensor.to(torch.int64).cpu().contiguous().data<long>()];
    }

    private static long[][] Split(Tensor targets, long[] targetLengths)
    {
        ArgumentNullException.ThrowIfNull(targets);
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

        if (targets.dim() > 2)
        {
            throw new ArgumentException(
                $"The targets have shape [{string.Join(", ", targets.shape)}]; expected [B, U], or the tokens of all utterances in one dimension.",
                nameof(targets));
        }

        if (!padded && targets.numel() != targetLengths.Sum())
        {
            throw new ArgumentException(
                $"There are {targets.numel()} target tokens; expected {targetLengths.Sum()}, as the target lengths say.", nameof(targets));
        }

        long[] flat = Wholes(targets, nameof(targets));
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
