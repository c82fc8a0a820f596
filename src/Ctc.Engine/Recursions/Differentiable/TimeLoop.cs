using Ctc.Engine.Frames;

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
        var alphas = new List<Tensor>(frames.Length) { lattice.Initial.Plus(frames[0]) };
        for (int t = 1; t < frames.Length; t++)
        {
            // If nothing is recorded, the memory of a frame is reused for the next one, and stays in the processor's cache.
            using DisposeScope scope = torch.NewDisposeScope();
            Tensor alpha = sum(lattice.Arcs.Enter(alphas[t - 1], scores[t])).Plus(frames[t]);
            alphas.Add(alpha.MoveToOuterDisposeScope());
        }

        return torch.stack(alphas);
    }

    /// <summary>Computes the score of each state in each frame; 0 in padding, even if the padding holds NaN.</summary>
    /// <param name="lattice">Its labels are the columns of the scores.</param>
    /// <param name="scores">[T, B, V].</param>
    /// <param name="mask">[T, B], true in valid frames.</param>
    /// <returns>
    /// [T, B, S]. A score of NaN or +∞ is NaN in the states that can be on a path in the frame, and −∞ in the others: it does not reach the
    /// utterance from there, as in the fused recursion.
    /// </returns>
    public static Tensor Emissions(Lattice lattice, Tensor scores, Tensor mask)
    {
        Tensor labels = lattice.Labels.unsqueeze(0).expand(scores.shape[0], -1, -1);
        Tensor emissions = scores.gather(2, labels).masked_fill(mask.logical_not().unsqueeze(2), Zero);
        if (emissions.numel() == 0 || emissions.detach().max().ToDouble() < double.PositiveInfinity) return emissions;

        Tensor broken = emissions.lt(Scalars.PositiveInfinity).logical_not();
        Tensor unread = CannotBeOnPath(lattice, mask);
        return emissions.masked_fill(broken, Scalars.NotANumber).masked_fill(broken.logical_and(unread), Scalars.NegativeInfinity);
    }

    // [T, B, S], or [1, B, S] of the states that no arc enters and no path starts in.
    private static Tensor CannotBeOnPath(Lattice lattice, Tensor mask)
    {
        Tensor scores = lattice.Arcs.Scores.detach();
        if (lattice.Arcs is not BandedArcs arcs)
        {
            Tensor entered = scores.flatten(0, -3).isneginf().all(0).logical_not();
            return lattice.Initial.isneginf().logical_and(entered.logical_not()).unsqueeze(0);
        }

        (int frames, int batch, int states) = ((int)mask.shape[0], (int)mask.shape[1], (int)lattice.Labels.shape[1]);
        double[] starts = [.. lattice.Initial.detach().to(torch.float64).cpu().contiguous().data<double>()];
        double[] ends = [.. lattice.Final.detach().to(torch.float64).cpu().contiguous().data<double>()];
        long[] lengths = [.. mask.sum([0]).cpu().data<long>()];
        var outside = new bool[frames * batch * states];
        Array.Fill(outside, true);
        for (int b = 0; b < batch; b++)
        {
            int first = b * states;
            var window = new StateWindow([.. arcs.Offsets], starts.AsSpan(first, states), ends.AsSpan(first, states), lengths[b]);
            if (window.IsEmpty) continue;
            for (int t = 0; t < lengths[b]; t++)
            {
                (int from, int to) = window.At(t);
                if (from <= to) Array.Fill(outside, false, (((t * batch) + b) * states) + from, to - from + 1);
            }
        }

        return torch.tensor(outside, [frames, batch, states], device: mask.device);
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
        Tensor last = frames.MinusOne().clamp(min: Zero).view(1, -1, 1).expand(1, -1, alphas.shape[2]);
        return alphas.gather(0, last).squeeze(0).Plus(lattice.Final);
    }
}
