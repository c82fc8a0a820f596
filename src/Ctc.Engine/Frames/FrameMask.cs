using System.Runtime.CompilerServices;

namespace Ctc.Engine.Frames;

/// <summary>The lengths of a padded batch, and the mask of its valid frames.</summary>
internal static class FrameMask
{
    /// <summary>Copies the lengths to a device.</summary>
    /// <returns>[B] of type int64.</returns>
    public static Tensor Lengths(IReadOnlyList<long> frames, torch.Device device) => torch.tensor(frames.ToArray(), device: device);

    /// <summary>Creates the mask of the valid frames.</summary>
    /// <param name="lengths">[B] of type int64.</param>
    /// <param name="total">T.</param>
    /// <returns>[T, B], true where t is less than the length.</returns>
    public static Tensor Create(Tensor lengths, long total) =>
        Scalars.Range(total, lengths.device).unsqueeze(1) < lengths.unsqueeze(0);

    /// <summary>Computes the log-softmax of logits whose padding may hold anything.</summary>
    /// <param name="logits">[T, B, V].</param>
    /// <param name="mask">[T, B], true in valid frames; null if there is no padding.</param>
    /// <returns>[T, B, V], uniform in padding; −∞ with gradient 0 in a frame whose logits are all −∞, which has no softmax.</returns>
    public static Tensor LogSoftmax(Tensor logits, Tensor? mask) => LogProbsAndScores(logits, mask).Scores;

    /// <summary>Computes the model's distribution from logits, and the scores of the lattice.</summary>
    /// <inheritdoc cref="LogSoftmax"/>
    /// <returns>
    /// [T, B, V] log-softmax twice, as one tensor; except in a frame whose logits are all −∞, where the log-probabilities are uniform and the
    /// scores −∞, so that its utterance is infeasible and not NaN.
    /// </returns>
    public static (Tensor LogProbs, Tensor Scores) LogProbsAndScores(Tensor logits, Tensor? mask)
    {
        Tensor valid = Valid(logits, mask), normalised = valid.log_softmax(2);
        if (normalised.numel() == 0) return (normalised, normalised);
        Tensor noSoftmax = normalised.narrow(2, 0, 1).isnan(); // [T, B, 1]: one column shows it
        if (!noSoftmax.any().item<bool>()) return (normalised, normalised);
        Tensor silent = valid.isneginf().all(2, keepdim: true); // and not NaN or +∞
        Tensor uniform = torch.where(silent, torch.zeros_like(valid), valid).log_softmax(2);
        return (uniform, uniform.masked_fill(silent, Scalars.NegativeInfinity));
    }

    /// <summary>Replaces padding by 0.</summary>
    /// <inheritdoc cref="LogSoftmax"/>
    /// <returns>[T, B, V]; the logits themselves if there is no padding.</returns>
    public static Tensor Valid(Tensor logits, Tensor? mask) => Valid(logits, mask, Scalars.Zero);

    /// <summary>Replaces padding by a number.</summary>
    /// <inheritdoc cref="Valid(Tensor, Tensor)"/>
    /// <param name="logits">[T, B, V].</param>
    /// <param name="mask">[T, B], true in valid frames; null if there is no padding.</param>
    /// <param name="padding">The number.</param>
    public static Tensor Valid(Tensor logits, Tensor? mask, Scalar padding) =>
        mask is null ? logits : torch.where(mask.unsqueeze(2), logits, torch.full_like(logits, padding));

    /// <summary>Checks that scores are of a type in which the recursions compute, and that lengths fit them.</summary>
    /// <inheritdoc cref="Check"/>
    /// <exception cref="ArgumentException">As of <see cref="Check"/>; or the scores are neither float32 nor float64.</exception>
    public static void CheckForRecursion(
        Tensor scores, IReadOnlyList<long> frames, [CallerArgumentExpression(nameof(scores))] string? scoresName = null)
    {
        Check(scores, frames, scoresName);
        if (scores.dtype is torch.ScalarType.Float32 or torch.ScalarType.Float64) return;
        throw new ArgumentException($"The scores are of type {scores.dtype}; expected Float32 or Float64.", scoresName);
    }

    /// <summary>Checks that scores are floating-point numbers, and that lengths fit them.</summary>
    /// <param name="scores">[T, B, V].</param>
    /// <param name="frames">B lengths in [0, T].</param>
    /// <param name="scoresName">The name of the scores in the exception; by default the caller's expression.</param>
    /// <param name="framesName">The name of the lengths in the exception; by default the caller's expression.</param>
    /// <exception cref="ArgumentException">
    /// The scores are whole or complex numbers or do not have three dimensions, there are not B lengths, or one is not in [0, T].
    /// </exception>
    public static void Check(
        Tensor scores,
        IReadOnlyList<long> frames,
        [CallerArgumentExpression(nameof(scores))] string? scoresName = null,
        [CallerArgumentExpression(nameof(frames))] string? framesName = null)
    {
        ArgumentNullException.ThrowIfNull(scores, scoresName);
        ArgumentNullException.ThrowIfNull(frames, framesName);
        if (scores.dim() != 3)
        {
            throw new ArgumentException($"The scores have shape [{string.Join(", ", scores.shape)}]; expected [T, B, V].", scoresName);
        }

        if (scores.dtype is not (torch.ScalarType.Float16 or torch.ScalarType.BFloat16 or torch.ScalarType.Float32 or torch.ScalarType.Float64))
        {
            throw new ArgumentException($"The scores are of type {scores.dtype}; expected Float16, BFloat16, Float32 or Float64.", scoresName);
        }

        if (scores.shape[1] != frames.Count)
        {
            throw new ArgumentException($"The scores hold {scores.shape[1]} utterances; expected {frames.Count}, one for each length.", scoresName);
        }

        long total = scores.shape[0];
        for (int b = 0; b < frames.Count; b++)
        {
            if (frames[b] < 0 || frames[b] > total)
            {
                throw new ArgumentException(
                    $"Utterance {b} has {frames[b]} frames; expected 0 to {total}, the frames of the scores.",
                    framesName);
            }
        }
    }
}
