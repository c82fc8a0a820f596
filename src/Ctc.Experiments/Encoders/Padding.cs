namespace Ctc.Experiments.Encoders;

/// <summary>The padding after the length of an utterance in a batch.</summary>
internal static class Padding
{
    private static readonly Scalar Zero = 0f, First = 0L, Step = 1L;

    /// <summary>Zeroed, also if it was NaN, so that a batched convolution sees the same padding as a single utterance.</summary>
    /// <param name="values">[T, B, F].</param>
    /// <param name="frames">[B] lengths of type int64.</param>
    public static Tensor Cleared(Tensor values, Tensor frames)
    {
        using Scalar total = values.shape[0];
        Tensor t = torch.arange(First, total, Step, torch.int64, values.device).unsqueeze(1); // [T, 1]
        Tensor padding = t >= frames.to(values.device).unsqueeze(0); // [T, B]
        return values.masked_fill(padding.unsqueeze(2), Zero);
    }
}
