using System.Runtime.CompilerServices;

namespace Ctc.Engine.Frames;

/// <summary>The states that can be on a path in a frame: reachable from an initial state, and a final state reachable from them.</summary>
/// <remarks>Computed from the lengths of the arcs only, so it may include states that are on no path; it omits none that is on one.</remarks>
internal readonly struct StateWindow
{
    private readonly long frames, states, shortest, longest, firstStart, lastStart, firstEnd, lastEnd;

    /// <param name="offsets">The lengths of the arcs, below 0 for those that lead back.</param>
    /// <param name="starts">The initial log-score of each state.</param>
    /// <param name="ends">The final log-score of each state.</param>
    /// <param name="frames">N.</param>
    public StateWindow(ReadOnlySpan<int> offsets, ReadOnlySpan<double> starts, ReadOnlySpan<double> ends, long frames)
    {
        (this.frames, states) = (frames, starts.Length);
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

    /// <summary>Gets whether there is no initial or no final state.</summary>
    public bool IsEmpty { get; }

    /// <summary>Returns the window of a frame.</summary>
    /// <returns>The first state and the last; the last is less than the first if no state is on a path.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (int First, int Last) At(int frame)
    {
        long left = frames - 1 - frame;
        return (
            (int)Math.Max(Math.Max(firstStart + (frame * shortest), firstEnd - (left * longest)), 0),
            (int)Math.Min(Math.Min(lastStart + (frame * longest), lastEnd - (left * shortest)), states - 1));
    }
}
