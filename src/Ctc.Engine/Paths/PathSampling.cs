using Ctc.Engine.Frames;
using Ctc.Engine.Recursions;
using Ctc.Engine.Recursions.Differentiable;
using Ctc.Engine.Recursions.Labels;

namespace Ctc.Engine.Paths;

/// <summary>Paths sampled from the posterior: the probability of a path is its share of Z.</summary>
/// <remarks>
/// Forward filtering and backward sampling: exact and independent draws from P(π) = exp(score of π) / Z. O(T·B·K·(S + k)) time for k paths,
/// after one forward pass. The token of a class is drawn with its share of the class.
/// </remarks>
public static class PathSampling
{
    private static readonly Scalar Zero = 0;

    /// <summary>Draws paths of each utterance.</summary>
    /// <param name="lattice">Of any floating type, on any device; it is converted to those of the scores.</param>
    /// <param name="scores">[T, B, V] log-scores in nats, float32 or float64, normalised or not; padding may hold anything.</param>
    /// <param name="frames">B lengths in [0, T].</param>
    /// <param name="count">k, the number of paths for each utterance; 0 or more.</param>
    /// <param name="seed">The same seed, shapes and numbers give the same paths, on any device.</param>
    /// <returns>Paths, without gradient; none of an utterance where a score that a path can read is NaN or +∞.</returns>
    /// <exception cref="ArgumentException">
    /// The scores are neither float32 nor float64, the shapes do not fit one another, a length exceeds T, a state has a label that is
    /// neither a token nor a class, or the count is negative.
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
        var read = LabelScores.CreateIfClasses(lattice, scores, lengths, byFusedCode: false);
        (Tensor states, Tensor logScores, Tensor left) = Run(read?.Lattice ?? lattice, read?.Scores ?? scores, lengths, chances.to(scores.device));
        states = states.permute(2, 0, 1).contiguous(); // [k, T, B]
        Tensor tokens = lattice.LabelsOfStates(states);
        if (read is not null) tokens = read.DrawTokens(tokens, left.permute(2, 0, 1));
        return new BatchPaths(
            states.MoveToOuterDisposeScope(), tokens.MoveToOuterDisposeScope(), logScores.transpose(0, 1).contiguous().MoveToOuterDisposeScope());
    }

    // The last state by its posterior, then from the last frame to the first an arc into each state by its share. Returns [T, B, k], [B, k], and
    // [T, B, k] what the choice of the state leaves of the chance of each frame.
    private static (Tensor States, Tensor Scores, Tensor Left) Run(Lattice lattice, Tensor scores, Tensor frames, Tensor chances)
    {
        (long total, long count) = (chances.shape[0], chances.shape[2]);
        if (total == 0) return (torch.empty(chances.shape, torch.int64, chances.device), lattice.Empty.unsqueeze(1).repeat(1, count), chances);
        Tensor mask = FrameMask.Create(frames, total);
        Tensor emissions = TimeLoop.Emissions(lattice, scores, mask);
        Tensor alphas = DifferentiableRecursion.Alphas(lattice, emissions);
        var posterior = new DifferentiablePosterior(lattice, frames, alphas);
        Tensor[] chance = chances.unbind(0), ofStates = emissions.unbind(0), arcScores = lattice.Arcs.ScoresByFrame(chance.Length);
        Tensor own = frames.MinusOne().clamp(min: Zero).view(1, -1, 1).expand(1, -1, count); // the last frame of each utterance
        (Tensor last, Tensor leftOfLast) = Choice.Pick(posterior.Last.unsqueeze(1), chances.gather(0, own).squeeze(0)); // [B, k]
        (Tensor state, Tensor left) = (last, leftOfLast);
        Tensor sum = lattice.Final.gather(1, last);
        (List<Tensor> states, List<Tensor> lefts) = ([], []);
        foreach ((_, Tensor? arcs) in posterior.Backward())
        {
            int t = chance.Length - 1 - states.Count;
            Tensor ends = frames.Is(t + 1).unsqueeze(1);
            (state, left) = (torch.where(ends, last, state), torch.where(ends, leftOfLast, left));
            states.Add(state);
            lefts.Add(left);
            Tensor inside = mask[t].unsqueeze(1), gained = ofStates[t].gather(1, state);
            if (arcs is null)
            {
                sum = sum.Plus(torch.where(inside, gained.Plus(lattice.Initial.gather(1, state)), torch.zeros_like(sum)));
                break;
            }

            (Tensor slot, left) = Choice.Pick(Into(arcs, state), chance[t - 1]);
            gained = gained.Plus(Into(arcScores[t], state).gather(2, slot.unsqueeze(2)).squeeze(2));
            sum = sum.Plus(torch.where(inside, gained, torch.zeros_like(sum)));
            state = lattice.Arcs.FindSources(state, slot).clamp(min: Zero); // below 0 only in padding
        }

        Tensor logZ = DifferentiableRecursion.LogPartition(lattice, alphas, frames);
        Tensor pathless = logZ.isneginf().logical_or(logZ.isnan()).unsqueeze(1), silent = frames.eq(Zero).unsqueeze(1);
        Tensor outside = mask.logical_not().unsqueeze(2).logical_or(pathless.unsqueeze(0));
        sum = torch.where(silent, lattice.Empty.unsqueeze(1), sum.masked_fill(pathless, Scalars.NegativeInfinity));
        return (InOrder(states).masked_fill(outside, StatePath.None), sum, InOrder(lefts));

        static Tensor InOrder(List<Tensor> fromLast) => torch.stack(fromLast.AsEnumerable().Reverse());
    }

    // [B, k, K]: of the values of arcs, [K, B, S], those into given states, [B, k].
    private static Tensor Into(Tensor arcs, Tensor states) =>
        arcs.permute(1, 2, 0).gather(1, states.unsqueeze(2).expand(-1, -1, arcs.shape[0]));
}
