using Ctc.Configuration.Schema;

namespace Ctc.Experiments.Alignments;

/// <summary>The edges of the tokens of an alignment, in frames.</summary>
internal static class TokenEdges
{
    /// <summary>Finds them.</summary>
    /// <param name="kind">Where they are.</param>
    /// <param name="spans">The frames of the tokens on the best path; a pause that is not there has none.</param>
    /// <param name="expected">The expected times; null if there are none: then <see cref="EdgeKind.Expected"/> is midway.</param>
    /// <param name="arePauses">Whether what is between two tokens on the best path is a pause, and belongs to neither.</param>
    /// <returns>
    /// The edges of each token. Except for <see cref="EdgeKind.Frames"/> a token ends where the next one begins, if there is no pause between them;
    /// the first begins with its first frame and the last ends after its last one, or at the expected times. A pause that is not there has its edges
    /// where the token before it ends, or else at 0.
    /// </returns>
    public static FrameInterval[] Find(EdgeKind kind, IReadOnlyList<FrameSpan> spans, ExpectedTimes? expected, bool arePauses = false)
    {
        if (kind == EdgeKind.Frames) return [.. spans];
        ExpectedTimes? times = kind == EdgeKind.Expected ? expected : null;
        var edges = new FrameInterval[spans.Count];
        int[] there = [.. Enumerable.Range(0, spans.Count).Where(u => spans[u].End > spans[u].Start)];
        foreach ((int i, int u) in there.Index())
        {
            bool joinsBefore = i > 0 && Joins(there[i - 1], u), joinsNext = i < there.Length - 1 && Joins(u, there[i + 1]);
            edges[u] = new FrameInterval(
                joinsBefore ? Between(there[i - 1], u) : times?.Entered[u] ?? spans[u].Start,
                joinsNext ? Between(u, there[i + 1]) : times?.Left[u] ?? spans[u].End);
        }

        for (int u = 0; u < spans.Count; u++)
        {
            double last = u > 0 ? edges[u - 1].End : 0;
            if (spans[u].End == spans[u].Start) edges[u] = new FrameInterval(last, last);
        }

        return edges;

        bool Joins(int u, int next) => !arePauses || spans[u].End >= spans[next].Start;

        double Between(int u, int next) => kind switch
        {
            EdgeKind.First => spans[next].Start,
            EdgeKind.Last => spans[u].End,
            _ when times is not null => (times.Left[u] + times.Entered[next]) / 2,
            _ => (spans[u].End + spans[next].Start) / 2.0,
        };
    }
}
