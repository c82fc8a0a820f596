namespace Ctc.Engine.Recursions.Transducer;

/// <summary>The checks of a batch against the scores of a transducer.</summary>
internal static class TransducerInputs
{
    /// <summary>Checks that scores fit a batch.</summary>
    /// <param name="batch">Targets and lengths.</param>
    /// <param name="scores">[B, T, U+1, V].</param>
    /// <returns>The blank.</returns>
    /// <exception cref="ArgumentException">As of <see cref="TransducerRecursion.LogLikelihood"/>.</exception>
    public static long Check(Batch batch, Tensor scores)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(scores);
        long blank = batch.Blank ?? throw new ArgumentException("A transducer needs a blank, and the batch has none.", nameof(batch));
        if (scores.dtype is not (torch.ScalarType.Float32 or torch.ScalarType.Float64))
        {
            throw new ArgumentException($"The scores are of type {scores.dtype}; expected Float32 or Float64.", nameof(scores));
        }

        long longest = batch.Frames.Append(0).Max(), columns = batch.Targets.Select(target => target.LongLength).Append(0).Max() + 1;
        long[] shape = scores.shape;
        if (shape.Length != 4 || shape[0] != batch.Size || shape[1] < longest || shape[2] < columns || shape[3] != batch.Tokens)
        {
            throw new ArgumentException(
                $"The scores have shape [{string.Join(", ", shape)}]; expected [B, T, U+1, V] with B = {batch.Size}, T of {longest} or more, " +
                $"U+1 of {columns} or more and V = {batch.Tokens}.",
                nameof(scores));
        }

        return blank;
    }
}
