namespace Ctc.Experiments.Encoders;

/// <summary>The numbers of output frames of a convolution whose padding is half its kernel.</summary>
/// <param name="stride">Input frames for each output frame, 1 or more.</param>
internal sealed class FrameStride(int stride)
{
    private static readonly Scalar One = 1L;

    private readonly Scalar divisor = stride;

    /// <summary>Divides a number of frames, rounding up.</summary>
    public long OutputFrames(long frames) => (frames + stride - 1) / stride;

    /// <inheritdoc cref="OutputFrames(long)"/>
    /// <param name="frames">[B] of type int64.</param>
    /// <returns>[B].</returns>
    public Tensor OutputFrames(Tensor frames) => (frames - One).floor_divide(divisor).add(One, One);
}
