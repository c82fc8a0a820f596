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
        Tensor padding = Frames(values.shape[0], values.device).unsqueeze(1) >= frames.to(values.device).unsqueeze(0); // [T, B]
        return values.masked_fill(padding.unsqueeze(2), Zero);
    }

    /// <inheritdoc cref="Cleared"/>
    /// <param name="image">[B, C, F, T].</param>
    /// <param name="frames">[B] lengths of type int64.</param>
    public static Tensor ClearedColumns(Tensor image, Tensor frames)
    {
        Tensor padding = Frames(image.shape[3], image.device).unsqueeze(0) >= frames.to(image.device).unsqueeze(1); // [B, T]
        return image.masked_fill(padding.unsqueeze(1).unsqueeze(1), Zero);
    }

    // [T] the numbers of the frames.
    private static Tensor Frames(long count, torch.Device device)
    {
        using Scalar total = count;
        return torch.arange(First, total, Step, torch.int64, device);
    }
}
