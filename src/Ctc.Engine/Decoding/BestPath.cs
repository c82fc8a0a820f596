using Ctc.Engine.Frames;

namespace Ctc.Engine.Decoding;

/// <summary>Greedy decoding under CTC: the most likely token of each frame, then collapsed. No target, no language model.</summary>
/// <remarks>For any topology: <see cref="BestPathDecoder"/>. Source: Graves et al., ICML 2006, section 3.2 ("best path decoding").</remarks>
public static class BestPath
{
    private static readonly Scalar NoToken = -1L;

    /// <summary>Decodes a batch.</summary>
    /// <param name="scores">[T, B, V] logits or log-probabilities of any floating type, on any device.</param>
    /// <param name="frames">B lengths in [0, T].</param>
    /// <param name="blank">The token of the blank, in [0, V).</param>
    /// <returns>
    /// B token sequences without blanks. Of equally likely tokens the lowest is taken. An utterance with NaN in one of its frames has no best path,
    /// so its sequence is empty.
    /// </returns>
    /// <exception cref="ArgumentException">The shapes do not fit one another, a length exceeds T, or the blank is outside [0, V).</exception>
    public static IReadOnlyList<long[]> Decode(Tensor scores, IReadOnlyList<long> frames, long blank)
    {
        FrameMask.Check(scores, frames);
        if (blank < 0 || blank >= scores.shape[2])
        {
            throw new ArgumentException($"The blank is {blank}; expected a token in [0, {scores.shape[2]}).", nameof(blank));
        }

        using DisposeScope scope = torch.NewDisposeScope();
        using var withoutGradient = torch.no_grad();
        if (scores.shape[0] == 0 || scores.shape[1] == 0) return [.. frames.Select(_ => Array.Empty<long>())];

        long[] path = Likeliest(scores).Tokens.transpose(0, 1).contiguous().cpu().data<long>().ToArray(); // [B, T]
        int stride = (int)scores.shape[0];
        return [.. frames.Select((length, b) => Read(path.AsSpan(b * stride, (int)length), blank))];
    }

    /// <summary>Finds the most likely token of each frame.</summary>
    /// <param name="logProbs">[T, B, V].</param>
    /// <param name="mask">[T, B], true in valid frames.</param>
    /// <returns>One path of each utterance, without states; of equally likely tokens the lowest, none in a frame with NaN.</returns>
    internal static BatchPaths OfTokens(Tensor logProbs, Tensor mask)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var withoutGradient = torch.no_grad();
        (Tensor largest, Tensor tokens) = Likeliest(logProbs);
        Tensor outside = mask.logical_not();
        return new BatchPaths(
            null,
            tokens.masked_fill(outside, NoToken).unsqueeze(0).MoveToOuterDisposeScope(),
            largest.masked_fill(outside, Scalars.Zero).sum([0]).unsqueeze(0).MoveToOuterDisposeScope());
    }

    private static (Tensor Largest, Tensor Tokens) Likeliest(Tensor scores)
    {
        (Tensor largest, Tensor tokens) = scores.max(2); // NaN is larger than any number
        return (largest, tokens.masked_fill(largest.isnan(), NoToken));
    }

    private static long[] Read(ReadOnlySpan<long> path, long blank) => path.Contains(-1) ? [] : Collapse(path, blank);

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
