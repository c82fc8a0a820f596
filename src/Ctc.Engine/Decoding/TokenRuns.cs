namespace Ctc.Engine.Decoding;

/// <summary>The frames of the tokens of a path.</summary>
public static class TokenRuns
{
    /// <summary>Finds them.</summary>
    /// <param name="path">The token of each frame.</param>
    /// <param name="blank">The token that is none; null if there is none.</param>
    /// <param name="merges">Whether equal tokens in consecutive frames are one.</param>
    /// <returns>The frames of each token that is not the blank, in order.</returns>
    public static IReadOnlyList<FrameSpan> Find(ReadOnlySpan<long> path, long? blank, bool merges)
    {
        var spans = new List<FrameSpan>();
        for (int t = 0; t < path.Length; t++)
        {
            if (path[t] == blank) continue;
            if (merges && t > 0 && path[t] == path[t - 1]) spans[^1] = spans[^1] with { End = t + 1 };
            else spans.Add(new FrameSpan(t, t + 1));
        }

        return [.. spans];
    }
}
