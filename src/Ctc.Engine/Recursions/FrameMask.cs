namespace Ctc.Engine.Recursions;

/// <summary>Which frames of a padded batch are real.</summary>
internal static class FrameMask
{
    /// <summary>[B] lengths of type int64.</summary>
    public static Tensor Lengths(IReadOnlyList<long> frames, torch.Device device) => torch.tensor(frames.ToArray(), device: device);

    /// <summary>[T, B], true where t lies before the end.</summary>
    public static Tensor Of(Tensor lengths, long total) =>
        torch.arange(total, device: lengths.device).unsqueeze(1) < lengths.unsqueeze(0);

    /// <summary>The log-softmax of logits whose padding may hold anything.</summary>
    /// <param name="logits">[T, B, V].</param>
    /// <param name="mask">[T, B], true in valid frames.</param>
    /// <returns>[T, B, V], uniform in padding.</returns>
    public static Tensor LogSoftmax(Tensor logits, Tensor mask) => Valid(logits, mask).log_softmax(2);

    /// <summary>Scores with 0 in padding.</summary>
    /// <inheritdoc cref="LogSoftmax"/>
    /// <returns>[T, B, V].</returns>
    public static Tensor Valid(Tensor logits, Tensor mask) => torch.where(mask.unsqueeze(2), logits, torch.zeros_like(logits));

    /// <summary>Refuses scores that do not fit the lengths.</summary>
    public static void Check(Tensor scores, IReadOnlyList<long> frames)
    {
        if (scores.dim() != 3) throw new ArgumentException($"The scores have shape [{string.Join(", ", scores.shape)}]; expected [T, B, V].");
        if (scores.shape[1] != frames.Count)
        {
            throw new ArgumentException($"The scores hold {scores.shape[1]} utterances; expected {frames.Count}, one for each length.");
        }

        for (int b = 0; b < frames.Count; b++)
        {
            if (frames[b] < 0 || frames[b] > scores.shape[0])
            {
                throw new ArgumentException($"Utterance {b} has {frames[b]} frames; expected 0 to {scores.shape[0]}, the frames of the scores.");
            }
        }
    }
}
