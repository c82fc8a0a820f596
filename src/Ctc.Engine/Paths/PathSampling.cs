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
        using var generator = new torch.Generator(seed);

        // Drawn on the CPU, so that the paths of a seed do not depend on the device.
        Tensor chances = torch.rand([scores.shape[0], scores.shape[1], count], torch.float64, generator: generator);
        BatchPaths paths = Draw(lattice, scores, FrameMask.Lengths(frames, scores.device), chances);
        return new PathSamples(paths.States!.MoveToOuterDisposeScope(), paths.Tokens.MoveToOuterDisposeScope());
    }

    /// <summary>Draws paths from given numbers.</summary>
    /// <inheritdoc cref="Draw(Lattice, Tensor, IReadOnlyList{long}, int, ulong)"/>
    /// <param name="lattice">Of any floating type, on any device; it is converted to those of the scores.</param>
    /// <param name="scores">[T, B, V] log-scores in nats, float32 or float64, normalised or not; padding may hold anything.</param>
    /// <param name="lengths">[B] of type int64, on the device of the scores.</param>
    /// <param name="chances">
    /// [T, B, k] numbers in [0, 1) of type float64: those of the frames of an utterance, and no others, decide its paths.
    /// </param>
    internal static BatchPaths Draw(Lattice lattice, Tensor scores, Tensor lengths, Tensor chances)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var withoutGradient = torch.no_grad();
        LatticeCheck.Check(lattice, scores, lengths);
        new RecursionMemory(lattice, scores, lengths).CheckDifferentiable(recorded: false);
        using (OneThread.For(scores.device)) lattice = lattice.Cast(scores.dtype, scores.device);
        (Tensor states, Tensor logScores) = Run(lattice, scores, lengths, chances.to(scores.device));
        states = states.permute(2, 0, 1).contiguous(); // [k, T, B]
        return new BatchPaths(
            states.MoveToOuterDisposeScope(),
            lattice.TokensOfStates(states).MoveToOuterDisposeScope(),
            logScores.transpose(0, 1).contiguous().MoveToOuterDisposeScope());
    }

    // The last state by its posterior, then from the last frame to the first an arc into each state by its share. Returns [T, B, k] and [B, k].
    private static (Tensor States, Tensor Scores) Run(Lattice lattice, Tensor scores, Tensor frames, Tensor chances)
    {
        (long total, long count) = (chances.shape[0], chances.shape[2]);
        if (total == 0) return (torch.empty(chances.shape, torch.int64, chances.device), lattice.Empty.unsqueeze(1).repeat(1, count));
        Tensor mask = FrameMask.Create(frames, total);
        Tensor emissions = TimeLoop.Emissions(lattice, scores, mask);
        Tensor alphas = DifferentiableRecursion.Alphas(lattice, emissions);
        var posterior = new DifferentiablePosterior(lattice, frames, alphas);
        Tensor[] chance = chances.unbind(0), ofStates = emissions.unbind(0), arcScores = lattice.Arcs.ScoresByFrame(chance.Length);
        Tensor own = (frames - 1).clamp(min: 0).view(1, -1, 1).expand(1, -1, count); // the last frame of each utterance
        Tensor last = Pick(posterior.Last.unsqueeze(1), chances.gather(0, own).squeeze(0)), state = last; // [B, k]
        Tensor sum = lattice.Final.gather(1, last);
        var states = new List<Tensor>();
        foreach ((_, Tensor? arcs) in posterior.Backward())
        {
            int t = chance.Length - 1 - states.Count;
            state = torch.where((frames == t + 1).unsqueeze(1), last, state);
            states.Add(state);
            Tensor inside = (frames > t).unsqueeze(1), gained = ofStates[t].gather(1, state);
            if (arcs is null)
            {
                sum = sum + torch.where(inside, gained + lattice.Initial.gather(1, state), torch.zeros_like(sum));
                break;
            }

            Tensor slot = Pick(Into(arcs, state), chance[t - 1]);
            gained = gained + Into(arcScores[t], state).gather(2, slot.unsqueeze(2)).squeeze(2);
            sum = sum + torch.where(inside, gained, torch.zeros_like(sum));
            state = lattice.Arcs.FindSources(state, slot).clamp(min: 0); // below 0 only in padding
        }

        Tensor logZ = DifferentiableRecursion.LogPartition(lattice, alphas, frames);
        Tensor pathless = logZ.isneginf().logical_or(logZ.isnan()).unsqueeze(1), silent = (frames == 0).unsqueeze(1);
        Tensor outside = mask.logical_not().unsqueeze(2).logical_or(pathless.unsqueeze(0));
        sum = torch.where(silent, lattice.Empty.unsqueeze(1), sum.masked_fill(pathless, double.NegativeInfinity));
        return (torch.stack(states.AsEnumerable().Reverse()).masked_fill(outside, StatePath.None), sum);
    }

    // [B, k, K]: of the values of arcs, [K, B, S], those into given states, [B, k].
    private static Tensor Into(Tensor arcs, Tensor states) =>
        arcs.permute(1, 2, 0).gather(1, states.unsqueeze(2).expand(-1, -1, arcs.shape[0]));

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
