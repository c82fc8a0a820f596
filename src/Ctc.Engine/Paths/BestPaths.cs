using Ctc.Engine.Frames;
using Ctc.Engine.Recursions;
using Ctc.Engine.Recursions.Differentiable;
using Ctc.Engine.Recursions.Labels;

namespace Ctc.Engine.Paths;

/// <summary>The k best paths of each utterance, exact: in each frame the k best beginnings of paths are kept.</summary>
/// <remarks>
/// The best first; equal ones in any order. Where an utterance has fewer paths, the others have the score −∞ and no tokens. Without gradient.
/// </remarks>
internal static class BestPaths
{
    /// <summary>Finds the best paths of any tokens: in each frame any token may follow.</summary>
    /// <param name="logProbs">[T, B, V] log-probabilities in nats.</param>
    /// <param name="mask">[T, B], true in valid frames.</param>
    /// <param name="count">k, 1 or more.</param>
    /// <returns>Paths without states. O(T·B·k·V) time.</returns>
    public static BatchPaths OfTokens(Tensor logProbs, Tensor mask, int count)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var withoutGradient = torch.no_grad();
        (long total, long batch, long tokens) = (logProbs.shape[0], logProbs.shape[1], logProbs.shape[2]);
        Tensor best = OneOf(torch.zeros([batch, 1], logProbs.dtype, logProbs.device), count); // [B, k]
        Tensor unmoved = Scalars.Range(count, logProbs.device).expand(batch, -1);
        var steps = new List<(Tensor Before, Tensor Token)>();
        foreach ((Tensor frame, Tensor valid) in logProbs.unbind(0).Zip(mask.unbind(0)))
        {
            Tensor inside = valid.unsqueeze(1);
            (Tensor scores, Tensor place) = best.unsqueeze(2).Plus(frame.unsqueeze(1)).flatten(1).topk(count, 1); // of [B, k·V]
            (Tensor before, Tensor token) = Split(place, tokens);
            best = torch.where(inside, scores, best);
            steps.Add((torch.where(inside, before, unmoved), token.masked_fill(inside.logical_not(), StatePath.None)));
        }

        Tensor rank = unmoved;
        var fromLast = new List<Tensor>();
        foreach ((Tensor before, Tensor token) in steps.AsEnumerable().Reverse())
        {
            fromLast.Add(token.gather(1, rank));
            rank = before.gather(1, rank);
        }

        return new BatchPaths(
            null, InOrder(fromLast, total, best).MoveToOuterDisposeScope(), best.transpose(0, 1).contiguous().MoveToOuterDisposeScope());
    }

    /// <summary>Finds the best paths of a lattice. The token of a class is its best one.</summary>
    /// <param name="lattice">Of any floating type, on any device; it is converted to those of the scores.</param>
    /// <param name="scores">[T, B, V] log-scores in nats, float32 or float64; padding may hold anything.</param>
    /// <param name="lengths">[B] of type int64, on the device of the scores.</param>
    /// <param name="count">k, 1 or more.</param>
    /// <returns>Paths with states. O(T·B·S·K·k) time, O(T·B·S·k) memory.</returns>
    public static BatchPaths OfLattice(Lattice lattice, Tensor scores, Tensor lengths, int count)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var withoutGradient = torch.no_grad();
        LatticeCheck.Check(lattice, scores, lengths);
        lattice = lattice.Cast(scores.dtype, scores.device);
        var read = LabelScores.CreateIfClasses(lattice, scores, lengths, byFusedCode: false);
        (Tensor best, Tensor states) = Run(read?.Lattice ?? lattice, read?.Scores ?? scores, lengths, count);
        Tensor tokens = lattice.LabelsOfStates(states);
        if (read is not null) tokens = read.FindBestTokens(tokens);
        return new BatchPaths(states.MoveToOuterDisposeScope(), tokens.MoveToOuterDisposeScope(), best.MoveToOuterDisposeScope());
    }

    // [k, B] scores and [k, T, B] states.
    private static (Tensor Scores, Tensor States) Run(Lattice lattice, Tensor scores, Tensor lengths, int count)
    {
        (long total, long states, long slots) = (scores.shape[0], lattice.Labels.shape[1], lattice.Arcs.Scores.shape[^3]);
        Tensor best = OneOf(lattice.Empty.unsqueeze(1), count); // [B, k]; that of utterances without frames
        if (total == 0) return (best.transpose(0, 1).contiguous(), InOrder([], 0, best));

        Tensor mask = FrameMask.Create(lengths, total);
        Tensor[] emissions = TimeLoop.Emissions(lattice, scores, mask).unbind(0), arcs = lattice.Arcs.ScoresByFrame(emissions.Length);
        Tensor[] insides = mask.unsqueeze(2).unbind(0); // T times [B, 1]
        Tensor last = torch.zeros_like(best, torch.int64), alpha = OneOf(lattice.Initial.Plus(emissions[0]).unsqueeze(1), count); // [B, k, S]
        var steps = new List<Tensor>(); // of each frame but the first: beginning and slot, [B, k·S]
        for (int t = 0; t < emissions.Length; t++)
        {
            if (t > 0)
            {
                IEnumerable<Tensor> entered = alpha.unbind(1).Select(beginning => lattice.Arcs.Enter(beginning, arcs[t])); // k times [K, B, S]
                (Tensor kept, Tensor step) = torch.cat([.. entered]).topk(count, 0); // [k, B, S]
                alpha = kept.Plus(emissions[t]).transpose(0, 1);
                steps.Add(step.transpose(0, 1).flatten(1));
            }

            Tensor isLast = t + 1 < insides.Length ? insides[t].logical_and(insides[t + 1].logical_not()) : insides[t];
            (Tensor ends, Tensor place) = alpha.Plus(lattice.Final.unsqueeze(1)).flatten(1).topk(count, 1); // of [B, k·S]
            (best, last) = (torch.where(isLast, ends, best), torch.where(isLast, place, last));
        }

        using Scalar width = states;
        (Tensor rank, Tensor state) = Split(last, states); // unmoved in padding
        var fromLast = new List<Tensor>();
        for (int t = emissions.Length - 1; ; t--)
        {
            fromLast.Add(state.masked_fill(insides[t].logical_not(), StatePath.None));
            if (t == 0) break;
            (Tensor before, Tensor slot) = Split(steps[t - 1].gather(1, rank.mul(width).Plus(state)), slots);
            Tensor source = lattice.Arcs.FindSources(state, slot).clamp(min: Scalars.Zero);
            (rank, state) = (torch.where(insides[t], before, rank), torch.where(insides[t], source, state));
        }

        return (best.transpose(0, 1).contiguous(), InOrder(fromLast, total, best));
    }

    // The one beginning that there is, in [B, 1, ...]; the others score −∞.
    private static Tensor OneOf(Tensor scores, int count) =>
        torch.cat([scores, .. Enumerable.Repeat(torch.full_like(scores, Scalars.NegativeInfinity), count - 1)], 1);

    private static (Tensor Quotient, Tensor Remainder) Split(Tensor places, long width)
    {
        using Scalar divisor = width;
        return (places.div(divisor, torch.RoundingMode.floor), places.remainder(divisor));
    }

    // [k, T, B] from T times [B, k], without what belongs to no path.
    private static Tensor InOrder(List<Tensor> fromLast, long total, Tensor scores)
    {
        Tensor pathless = scores.isneginf().logical_or(scores.isnan()); // [B, k]
        if (total == 0) return torch.empty([scores.shape[1], 0, scores.shape[0]], torch.int64, scores.device);
        Tensor paths = torch.stack(fromLast.AsEnumerable().Reverse()).masked_fill(pathless.unsqueeze(0), StatePath.None); // [T, B, k]
        return paths.permute(2, 0, 1).contiguous();
    }
}
