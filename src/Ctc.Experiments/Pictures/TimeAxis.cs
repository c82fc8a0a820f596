namespace Ctc.Experiments.Pictures;

/// <summary>The horizontal positions of frames in a picture.</summary>
/// <param name="Left">The x of the left edge, in points.</param>
/// <param name="Frame">The width of a frame, in points.</param>
/// <param name="Frames">T.</param>
internal readonly record struct TimeAxis(float Left, float Frame, int Frames)
{
    private static readonly int[] RoundFactors = [1, 2, 5, 10];

    /// <summary>Gets whether frame 0 is on the right.</summary>
    public bool IsRightToLeft { get; init; }

    public float Right => Left + (Frames * Frame);

    /// <summary>The x of the start of a frame, which may be fractional.</summary>
    public float X(double t) => (float)(IsRightToLeft ? Right - (t * Frame) : Left + (t * Frame));

    /// <summary>The left and the right edge of some frames.</summary>
    public (float Left, float Right) Edges(double start, double end) => IsRightToLeft ? (X(end), X(start)) : (X(start), X(end));

    /// <summary>The frame in a column from the left, of so many columns.</summary>
    public int FrameAt(int column, int columns) => IsRightToLeft ? columns - 1 - column : column;

    /// <summary>Round numbers along the axis, no closer than a label is wide.</summary>
    /// <param name="unitsPerFrame">1 for frames; a frame's length for times.</param>
    public IEnumerable<(double Value, float X)> Ticks(double unitsPerFrame)
    {
        double closest = 36 / Frame * unitsPerFrame;
        double power = Math.Pow(10, Math.Floor(Math.Log10(closest)));
        double step = power * RoundFactors.First(factor => factor * power >= 0.999 * closest);
        if (unitsPerFrame == 1) step = Math.Max(step, 1);
        for (int i = 0; i * step <= Frames * unitsPerFrame; i++) yield return (i * step, X(i * step / unitsPerFrame));
    }
}
