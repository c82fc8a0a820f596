using Ctc.Engine.Frames;

namespace Ctc.Engine.Decoding;

/// <summary>Greedy decoding: the most likely token of each frame, then collapsed. No target, no language model.</summary>
/// <remarks>Source: Graves et al., ICML 2006, section 3.2 ("best path decoding").</remarks>
public static class BestPath
{
    /// <summary>Decodes a batch.</summary>
    /// <param name="scores">[T, B, V] logits or log-probabilities, on any device.</param>
    /// <param name="frames">B lengths in [0, T].</param>
    /// <param name="blank">The token of the blank.</param>
    /// <returns>B token sequences without blanks. Of equally likely tokens the lowest is taken.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit one another, or a length exceeds T.</exception>
    public static IReadOnlyList<long[]> Decode(Tensor scores, IReadOnlyList<long> frames, long blank)
    {
        FrameMask.Check(scores, frames);
        using DisposeScope scope = torch.NewDisposeScope();
        if (scores.shape[0] == 0) return [.. frames.Select(_ => Array.Empty<long>())];

        long[] path = scores.argmax(2).transpose(0, 1).contiguous().cpu().data<long>().ToArray(); // [B, T]
        int stride = (int)scores.shape[0];
        return [.. frames.Select((length, b) => Collapse(path.AsSpan(b * stride, (int)length), blank))];
    }

    /// <summary>Maps a path to its target: merges repeated tokens, then removes blanks.</summary>
    /// <param name="path">One token for each frame.</param>
    /// <param name="blank">The token of the blank.</param>
    /// <returns>The target. <c>a a - a b b</c> gives <c>a a b</c>.</returns>
    public static long[] Collapse(ReadOnlySpan<long> path, long blank)
    {
        var target = new List<long>();
        for (int t = 0; t < path.Length; t++)
        {
            if (path[t] != blank && (t == 0 || path[t] != path[t - 1])) target.Add(path[t]);
        }

        return [.. target];
    }
}
