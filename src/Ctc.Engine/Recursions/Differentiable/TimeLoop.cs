namespace Ctc.Engine.Recursions.Differentiable;

/// <summary>The loop over time, common to all semirings; they differ in how the arcs into a state are summed.</summary>
/// <remarks>
/// Frames stay separate tensors until the end. Writing them into one, or indexing one by t, makes the backward pass quadratic in T.
/// </remarks>
internal static class TimeLoop
{
    private static readonly Scalar Zero = 0;

    /// <summary>α₀ = initial + e₀; α_t = sum(α_{t−1} along the arcs) + e_t. O(T·B·S·K) time, O(T·B·S) memory.</summary>
    /// <param name="lattice">Of the type and on the device of the emissions.</param>
    /// <param name="emissions">[T, B, S], T ≥ 1: the score of each state in each frame.</param>
    /// <param name="sum">The sum over the arcs into each state, from [K, B, S] to [B, S].</param>
    /// <returns>[T, B, S]. Rows after the last frame of an utterance are undefined.</returns>
    public static Tensor Run(Lattice lattice, Tensor emissions, Func<Tensor, Tensor> sum)
    {
        Tensor[] frames = emissions.unbind(0), scores = lattice.Arcs.ScoresByFrame(frames.Length);
        var alphas = new List<Tensor>(frames.Length) { lattice.Initial + frames[0] };
        for (int t = 1; t < frames.Length; t++)
        {
            // If nothing is recorded, the memory of a frame is reused for the next one, and stays in the processor's cache.
            using DisposeScope scope = torch.NewDisposeScope();
            Tensor alpha = sum(lattice.Arcs.Enter(alphas[t - 1], scores[t])) + frames[t];
            alphas.Add(alpha.MoveToOuterDisposeScope());
        }

        return torch.stack(alphas);
    }

    /// <summary>Computes the score of each state in each frame; 0 in padding, even if the padding holds NaN.</summary>
    /// <param name="lattice">Its labels are the columns of the scores.</param>
    /// <param name="scores">[T, B, V].</param>
    /// <param name="mask">[T, B], true in valid frames.</param>
    /// <returns>[T, B, S].</returns>
    public static Tensor Emissions(Lattice lattice, Tensor scores, Tensor mask)
    {
        Tensor labels = lattice.Labels.unsqueeze(0).expand(scores.shape[0], -1, -1);
        return scores.gather(2, labels).masked_fill(mask.logical_not().unsqueeze(2), Zero);
    }

    /// <summary>Sums the values of states by their labels.</summary>
    /// <param name="lattice">Its labels are the tokens.</param>
    /// <param name="states">[T, B, S].</param>
    /// <param name="tokens">V.</param>
    /// <returns>[T, B, V].</returns>
    public static Tensor SumByToken(Lattice lattice, Tensor states, long tokens)
    {
        Tensor labels = lattice.Labels.unsqueeze(0).expand(states.shape[0], -1, -1);
        return torch.zeros([states.shape[0], states.shape[1], tokens], states.dtype, states.device).scatter_add(2, labels, states);
    }

    /// <summary>Computes α of the last frame of each utterance plus the final scores.</summary>
    /// <param name="lattice">Has the final scores.</param>
    /// <param name="alphas">[T, B, S].</param>
    /// <param name="frames">[B] lengths; for a length of 0 the result is undefined.</param>
    /// <returns>[B, S].</returns>
    public static Tensor Ends(Lattice lattice, Tensor alphas, Tensor frames)
    {
        Tensor last = (frames - 1).clamp(min: Zero).view(1, -1, 1).expand(1, -1, alphas.shape[2]);
        return alphas.gather(0, last).squeeze(0) + lattice.Final;
    }
}
