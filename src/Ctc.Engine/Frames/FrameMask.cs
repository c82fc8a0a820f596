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
        torch.arange(total, device: lengths.device).unsqueeze(1) < lengths.unsqueeze(0);

    /// <summary>Computes the log-softmax of logits whose padding may hold anything.</summary>
    /// <param name="logits">[T, B, V].</param>
    /// <param name="mask">[T, B], true in valid frames.</param>
    /// <returns>[T, B, V], uniform in padding.</returns>
    public static Tensor LogSoftmax(Tensor logits, Tensor mask) => Valid(logits, mask).log_softmax(2);

    /// <summary>Replaces padding by 0.</summary>
    /// <inheritdoc cref="LogSoftmax"/>
    /// <returns>[T, B, V].</returns>
    public static Tensor Valid(Tensor logits, Tensor mask) => torch.where(mask.unsqueeze(2), logits, torch.zeros_like(logits));

    /// <summary>Checks that scores and lengths fit each other.</summary>
    /// <param name="scores">[T, B, V].</param>
    /// <param name="frames">B lengths in [0, T].</param>
    /// <param name="scoresName">The name of the scores in the exception; by default the caller's expression.</param>
    /// <param name="framesName">The name of the lengths in the exception; by default the caller's expression.</param>
    /// <exception cref="ArgumentException">The scores do not have three dimensions, there are not B lengths, or one is not in [0, T].</exception>
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

        if (scores.shape[1] != frames.Count)
        {
            throw new ArgumentException($"The scores hold {scores.shape[1]} utterances; expected {frames.Count}, one for each length.", scoresName);
        }

        for (int b = 0; b < frames.Count; b++)
        {
            if (frames[b] < 0 || frames[b] > scores.shape[0])
            {
                throw new ArgumentException(
                    $"Utterance {b} has {frames[b]} frames; expected 0 to {scores.shape[0]}, the frames of the scores.",
                    framesName);
            }
        }
    }
}
