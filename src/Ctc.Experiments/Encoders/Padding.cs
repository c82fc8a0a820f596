namespace Ctc.Experiments.Encoders;

/// <summary>What lies behind an utterance's length in a padded batch.</summary>
internal static class Padding
{
    private static readonly Scalar Zero = 0f;

    /// <summary>Zero there, whatever was there, NaN included: a convolution then reads what it pads an utterance alone with.</summary>
    /// <param name="values">[T, B, F].</param>
    /// <param name="frames">[B] lengths of type int64.</param>
    public static Tensor Cleared(Tensor values, Tensor frames)
    {
        Tensor t = torch.arange(values.shape[0], device: values.device).unsqueeze(1); // [T, 1]
        Tensor padding = t >= frames.to(values.device).unsqueeze(0); // [T, B]
        return values.masked_fill(padding.unsqueeze(2), Zero);
    }
}
