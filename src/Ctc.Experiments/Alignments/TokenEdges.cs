using Ctc.Configuration.Schema;

namespace Ctc.Experiments.Alignments;

/// <summary>The edges of the tokens of an alignment, in frames.</summary>
internal static class TokenEdges
{
    /// <summary>Finds them.</summary>
    /// <param name="kind">Where they are.</param>
    /// <param name="spans">The frames of the tokens on the best path.</param>
    /// <param name="expected">The expected times; null if there are none: then <see cref="EdgeKind.Expected"/> is midway.</param>
    /// <returns>
    /// The edges of each token. Except for <see cref="EdgeKind.Frames"/> a token ends where the next one begins; the first begins with its first
    /// frame and the last ends after its last one, or at the expected times.
    /// </returns>
    public static FrameInterval[] Find(EdgeKind kind, IReadOnlyList<FrameSpan> spans, ExpectedTimes? expected)
    {
        if (kind == EdgeKind.Frames) return [.. spans];
        ExpectedTimes? times = kind == EdgeKind.Expected ? expected : null;
        return [.. spans.Select((span, u) => new FrameInterval(
            u > 0 ? Between(u - 1) : times?.Entered[0] ?? span.Start,
            u < spans.Count - 1 ? Between(u) : times?.Left[u] ?? span.End))];

        double Between(int u) => kind switch
        {
            EdgeKind.First => spans[u + 1].Start,
            EdgeKind.Last => spans[u].End,
            _ when times is not null => (times.Left[u] + times.Entered[u + 1]) / 2,
            _ => (spans[u].End + spans[u + 1].Start) / 2.0,
        };
    }
}
