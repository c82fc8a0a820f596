namespace Ctc.Engine.Paths;

/// <summary>Paths of any tokens, sampled frame by frame: in each frame a token by its probability.</summary>
internal static class TokenSampling
{
    /// <summary>Draws paths from given numbers.</summary>
    /// <param name="logProbs">[T, B, V] normalised log-probabilities in nats.</param>
    /// <param name="mask">[T, B], true in valid frames.</param>
    /// <param name="chances">[T, B, k] numbers in [0, 1) of type float64.</param>
    /// <returns>Paths without states and without gradient.</returns>
    public static BatchPaths Draw(Tensor logProbs, Tensor mask, Tensor chances)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var withoutGradient = torch.no_grad();
        chances = chances.to(logProbs.device);
        if (chances.numel() == 0)
        {
            Tensor none = torch.zeros([chances.shape[2], chances.shape[1]], logProbs.dtype, logProbs.device);
            return new BatchPaths(null, chances.permute(2, 0, 1).to(torch.int64).MoveToOuterDisposeScope(), none.MoveToOuterDisposeScope());
        }

        Tensor running = logProbs.to(torch.float64).exp().cumsum(2); // [T, B, V]
        Tensor total = running.narrow(2, running.shape[2] - 1, 1);
        // The first token at which the running sum exceeds chance · total: one of probability 0 is never chosen.
        using Scalar last = running.shape[2] - 1;
        Tensor tokens = torch.searchsorted(running, chances * total, right: true).clamp(max: last);
        Tensor outside = mask.logical_not().unsqueeze(2);
        Tensor scores = logProbs.gather(2, tokens).masked_fill(outside, Scalars.Zero).sum([0]);
        return new BatchPaths(
            null,
            tokens.masked_fill(outside, StatePath.None).permute(2, 0, 1).contiguous().MoveToOuterDisposeScope(),
            scores.transpose(0, 1).contiguous().MoveToOuterDisposeScope());
    }
}
