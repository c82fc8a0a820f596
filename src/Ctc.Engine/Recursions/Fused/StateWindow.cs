namespace Ctc.Engine.Recursions.Fused;

/// <summary>Which states can be on a path in a frame: reached from a start, and able to reach an end in the frames that are left.</summary>
/// <remarks>By the lengths of the arcs alone, so it may hold states that no path visits; it misses none.</remarks>
internal readonly struct StateWindow
{
    private readonly long frames, shortest, longest, firstStart, lastStart, firstEnd, lastEnd;

    /// <param name="offsets">How far back the arcs reach.</param>
    /// <param name="starts">Log-scores of starting in each state.</param>
    /// <param name="ends">Log-scores of ending in each state.</param>
    /// <param name="frames">N.</param>
    public StateWindow(ReadOnlySpan<int> offsets, ReadOnlySpan<double> starts, ReadOnlySpan<double> ends, long frames)
    {
        this.frames = frames;
        shortest = longest = offsets[0];
        foreach (int offset in offsets)
        {
            shortest = Math.Min(shortest, offset);
            longest = Math.Max(longest, offset);
        }

        (firstStart, lastStart) = (starts.IndexOfAnyExcept(double.NegativeInfinity), starts.LastIndexOfAnyExcept(double.NegativeInfinity));
        (firstEnd, lastEnd) = (ends.IndexOfAnyExcept(double.NegativeInfinity), ends.LastIndexOfAnyExcept(double.NegativeInfinity));
        IsEmpty = firstStart < 0 || firstEnd < 0;
    }

    /// <summary>Gets whether no path starts, or none ends.</summary>
    public bool IsEmpty { get; }

    /// <summary>The window of a frame.</summary>
    /// <returns>The first state and the last; the last is before the first where no state is on a path.</returns>
    public (int First, int Last) At(int frame)
    {
        long left = frames - 1 - frame;
        return (
            (int)Math.Max(firstStart + (frame * shortest), firstEnd - (left * longest)),
            (int)Math.Min(lastStart + (frame * longest), lastEnd - (left * shortest)));
    }
}
