using Ctc.Engine.Frames;
using Ctc.Engine.Recursions;
using Ctc.Engine.Recursions.Differentiable;

namespace Ctc.Engine.Paths;

/// <summary>Paths sampled from the posterior: the probability of a path is its share of Z.</summary>
/// <remarks>
/// Forward filtering and backward sampling: exact and independent draws from P(π) = exp(score of π) / Z. O(T·B·K·(S + k)) time for k paths,
/// after one forward pass.
/// </remarks>
public static class PathSampling
{
    /// <summary>Draws paths of each utterance.</summary>
    /// <param name="lattice">Of any floating type, on any device; it is converted to those of the scores.</param>
    /// <param name="scores">[T, B, V] log-scores in nats, float32 or float64, normalised or not; padding may hold anything.</param>
    /// <param name="frames">B lengths in [0, T].</param>
    /// <param name="count">k, the number of paths for each utterance; 0 or more.</param>
    /// <param name="seed">The same seed, shapes and numbers give the same paths, on any device.</param>
    /// <returns>Paths, without gradient; none of an utterance where a score that a path can read is NaN or +∞.</returns>
    /// <exception cref="ArgumentException">
    /// The scores are neither float32 nor float64, the shapes do not fit one another, a length exceeds T, a state has a token outside [0, V), or the
    /// count is negative.
    /// </exception>
    /// <exception cref="LatticeTooLargeException">The recursion needs more than the memory of the machine.</exception>
    public static PathSamples Draw(Lattice lattice, Tensor scores, IReadOnlyList<long> frames, int count, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(lattice);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        FrameMask.CheckForRecursion(scores, frames);
        using DisposeScope scope = torch.NewDisposeScope();
        using var withoutGradient = torch.no_grad();
        using var generator = new torch.Generator(seed);

        Tensor lengths = FrameMask.Lengths(frames, scores.device);
        LatticeCheck.Check(lattice, scores, lengths);
        new RecursionMemory(lattice, scores, lengths).CheckDifferentiable(recorded: false);
        using (OneThread.For(scores.device)) lattice = lattice.Cast(scores.dtype, scores.device);
        // Drawn on the CPU, so that the paths of a seed do not depend on the device.
        Tensor chances = torch.rand([scores.shape[0], scores.shape[1], count], torch.float64, generator: generator).to(scores.device);
        Tensor states = Draw(lattice, scores, lengths, chances).permute(2, 0, 1); // [k, T, B]
        return new PathSamples(states.contiguous().MoveToOuterDisposeScope(), lattice.TokensOfStates(states).MoveToOuterDisposeScope());
    }

    // The last state by its posterior, then from the last frame to the first an arc into each state by its share. Returns [T, B, k].
    private static Tensor Draw(Lattice lattice, Tensor scores, Tensor frames, Tensor chances)
    {
        if (scores.shape[0] == 0) return torch.empty(chances.shape, torch.int64, chances.device);
        Tensor mask = FrameMask.Create(frames, scores.shape[0]);
        Tensor alphas = DifferentiableRecursion.Alphas(lattice, TimeLoop.Emissions(lattice, scores, mask));
        var posterior = new DifferentiablePosterior(lattice, frames, alphas);
        Tensor[] chance = chances.unbind(0);
        Tensor last = Pick(posterior.Last.unsqueeze(1), chance[^1]), state = last; // [B, k]
        var states = new List<Tensor>();
        foreach ((_, Tensor? arcs) in posterior.Backward())
        {
            int t = chance.Length - 1 - states.Count;
            state = torch.where((frames == t + 1).unsqueeze(1), last, state);
            states.Add(state);
            if (arcs is null) break;
            Tensor ofStates = arcs.permute(1, 2, 0).gather(1, state.unsqueeze(2).expand(-1, -1, arcs.shape[0])); // [B, k, K]
            state = lattice.Arcs.FindSources(state, Pick(ofStates, chance[t - 1])).clamp(min: 0); // below 0 only in padding
        }

        Tensor logZ = DifferentiableRecursion.LogPartition(lattice, alphas, frames);
        Tensor outside = mask.logical_not().logical_or(logZ.isneginf()).logical_or(logZ.isnan()).unsqueeze(2);
        return torch.stack(states.AsEnumerable().Reverse()).masked_fill(outside, StatePath.None);
    }

    /// <summary>Chooses by share: the first choice at which the running sum exceeds chance · total. A share of 0 is never chosen.</summary>
    /// <param name="shares">[B, k, n] or [B, 1, n].</param>
    /// <param name="chance">[B, k] in [0, 1).</param>
    /// <returns>[B, k] in [0, n).</returns>
    private static Tensor Pick(Tensor shares, Tensor chance)
    {
        Tensor running = shares.to(chance.dtype).cumsum(2);
        Tensor total = running.narrow(2, running.shape[2] - 1, 1);
        return (running <= chance.unsqueeze(2) * total).sum(2).clamp(max: running.shape[2] - 1);
    }
}
