namespace Ctc.Engine.Recursions.Transducer;

/// <summary>The checks of a batch against the scores of a transducer.</summary>
internal static class TransducerInputs
{
    /// <summary>Replaces the padding of hidden states by 0: NaN there would reach the gradient of the weight.</summary>
    /// <param name="batch">Targets and lengths.</param>
    /// <param name="output">The output.</param>
    public static TransducerOutput WithoutPadding(Batch batch, TransducerOutput output)
    {
        return new TransducerOutput(
            Valid(output.Frames, batch.Frames),
            Valid(output.Predictions, [.. batch.Targets.Select(target => target.LongLength + 1)]),
            output.Weight,
            output.Bias);

        static Tensor Valid(Tensor states, IReadOnlyList<long> lengths)
        {
            Tensor counts = torch.tensor(lengths.ToArray(), [lengths.Count, 1, 1], device: states.device);
            Tensor inside = Scalars.Range(states.shape[1], states.device).view(1, -1, 1).lt(counts);
            return torch.where(inside, states, torch.zeros_like(states));
        }
    }

    /// <summary>Checks that the inputs of a joint network fit a batch.</summary>
    /// <param name="batch">Targets and lengths.</param>
    /// <param name="output">The inputs.</param>
    /// <exception cref="ArgumentException">As of <see cref="TransducerRecursion.LogLikelihoodFromJoint"/>.</exception>
    public static void Check(Batch batch, TransducerOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        long[] shape = [output.Frames.shape[0], output.Frames.shape[1], output.Predictions.shape[1], output.Weight.shape[0]];
        Check(batch, shape, output.Frames.dtype, nameof(output));
    }

    /// <summary>Checks that scores fit a batch.</summary>
    /// <param name="batch">Targets and lengths.</param>
    /// <param name="scores">[B, T, U+1, V].</param>
    /// <returns>The blank.</returns>
    /// <exception cref="ArgumentException">As of <see cref="TransducerRecursion.LogLikelihood"/>.</exception>
    public static long Check(Batch batch, Tensor scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        return Check(batch, scores.shape, scores.dtype, nameof(scores));
    }

    /// <summary>Checks FastEmit's λ.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative, infinite or NaN.</exception>
    public static void CheckFastEmit(double fastEmit)
    {
        if (!double.IsFinite(fastEmit) || fastEmit < 0) throw new ArgumentOutOfRangeException(nameof(fastEmit), fastEmit, "Expected 0 or more.");
    }

    private static long Check(Batch batch, long[] shape, torch.ScalarType type, string parameter)
    {
        ArgumentNullException.ThrowIfNull(batch);
        long blank = batch.Blank ?? throw new ArgumentException("A transducer needs a blank, and the batch has none.", nameof(batch));
        if (type is not (torch.ScalarType.Float32 or torch.ScalarType.Float64))
        {
            throw new ArgumentException($"The scores are of type {type}; expected Float32 or Float64.", parameter);
        }

        long longest = batch.Frames.Append(0).Max(), columns = batch.Targets.Select(target => target.LongLength).Append(0).Max() + 1;
        if (shape.Length != 4 || shape[0] != batch.Size || shape[1] < longest || shape[2] < columns || shape[3] != batch.Tokens)
        {
            throw new ArgumentException(
                $"The scores have shape [{string.Join(", ", shape)}]; expected [B, T, U+1, V] with B = {batch.Size}, T of {longest} or more, " +
                $"U+1 of {columns} or more and V = {batch.Tokens}.",
                parameter);
        }

        return blank;
    }
}
