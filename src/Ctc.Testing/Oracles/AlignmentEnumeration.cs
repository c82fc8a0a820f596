namespace Ctc.Testing.Oracles;

/// <summary>A transducer by its definition: lists all alignments of a target, without recursion.</summary>
/// <remarks>For small cases only: there are C(T−1+U, U) orders of T blanks and U tokens.</remarks>
public static class AlignmentEnumeration
{
    /// <summary>Lists the alignments of one utterance.</summary>
    /// <param name="scores">[T, U+1, V] log-scores of type float64: row (t, u) is for frame t after u tokens. T and U+1 may be larger.</param>
    /// <param name="frames">N, the number of frames.</param>
    /// <param name="target">The target.</param>
    /// <param name="blank">The token of the blank.</param>
    /// <param name="isMonotonic">Whether a token leads to the next frame, as the blank does; by default it does not.</param>
    /// <returns>Each alignment once: the frame in which each token is emitted, and the score, which may be −∞.</returns>
    public static IEnumerable<(int[] Frames, double Score)> Alignments(
        Tensor scores, long frames, IReadOnlyList<long> target, long blank, bool isMonotonic = false)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(target);
        double[] numbers = scores.numel() == 0 ? [] : [.. scores.contiguous().data<double>()];
        (int columns, int tokens) = ((int)scores.shape[1], (int)scores.shape[2]);
        return From(0, [], 0);

        double At(int t, int u, long token) => numbers[(((t * columns) + u) * tokens) + (int)token];

        IEnumerable<(int[] Frames, double Score)> From(int t, int[] emitted, double score)
        {
            int u = emitted.Length;
            if (t == frames) return u == target.Count ? [(emitted, score)] : [];
            IEnumerable<(int[] Frames, double Score)> all = From(t + 1, emitted, score + At(t, u, blank));
            return u == target.Count ? all : all.Concat(From(isMonotonic ? t + 1 : t, [.. emitted, t], score + At(t, u, target[u])));
        }
    }
}
