namespace Ctc.Experiments.Pictures;

/// <summary>The horizontal positions of frames in a picture.</summary>
/// <param name="Left">The x of the start of frame 0, in points.</param>
/// <param name="Frame">The width of a frame, in points.</param>
/// <param name="Frames">T.</param>
internal readonly record struct TimeAxis(float Left, float Frame, int Frames)
{
    private static readonly int[] RoundFactors = [1, 2, 5, 10];

    public float Right => X(Frames);

    /// <summary>The x of the start of a frame, which may be fractional.</summary>
    public float X(double t) => (float)(Left + t * Frame);

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
