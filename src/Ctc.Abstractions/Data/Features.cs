namespace Ctc;

/// <summary>The features of one utterance: what an augmentation reads and returns.</summary>
public sealed class Features
{
    /// <summary>Wraps an array, which is not copied.</summary>
    /// <param name="values">frames × size numbers, frame by frame.</param>
    /// <param name="frames">The number of frames, 0 or more.</param>
    /// <param name="size">The number of features per frame, 1 or more.</param>
    /// <exception cref="ArgumentException">The array has another length.</exception>
    public Features(float[] values, int frames, int size)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfNegative(frames);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        if (values.LongLength != (long)frames * size)
        {
            throw new ArgumentException(
                $"There are {values.LongLength} numbers; expected {(long)frames * size}, {frames} frames of {size}.", nameof(values));
        }

        (Values, Frames, Size) = (values, frames, size);
    }

    /// <summary>Gets frames × size numbers, frame by frame. Of a line image a frame is a column of pixels from the top, 0 paper and 1 ink.</summary>
    public float[] Values { get; }

    /// <summary>Gets the number of frames.</summary>
    public int Frames { get; }

    /// <summary>Gets the number of features per frame.</summary>
    public int Size { get; }

    /// <summary>Gets a number; 0 outside the frames and the features.</summary>
    /// <param name="frame">Any whole number.</param>
    /// <param name="feature">Any whole number.</param>
    public float this[int frame, int feature] =>
        (uint)frame < (uint)Frames && (uint)feature < (uint)Size ? Values[((long)frame * Size) + feature] : 0;
}
