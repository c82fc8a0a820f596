using Ctc.Engine.Frames;
using Ctc.Engine.Recursions;
using Ctc.Engine.Recursions.Differentiable;
using Ctc.Engine.Recursions.Fused;
using Ctc.Engine.Recursions.Labels;

namespace Ctc.Engine.Paths;

/// <summary>The best path of each utterance through its lattice: the max semiring, exact.</summary>
/// <remarks>
/// Ties are resolved from the last frame to the first: the higher final state, then the arc in the lower slot (under CTC stay, then advance,
/// then skip). A state that reads a class has the score of the class, the log-sum of its tokens; the token of the path is the best one of the class
/// in that frame, the lowest among equals. O(T·B·S·K) time, O(T·B·S) memory.
/// </remarks>
public static class Viterbi
{
    private static readonly Scalar Zero = 0;

    /// <summary>Aligns a batch with its targets.</summary>
    /// <inheritdoc cref="Recursion.LogLikelihood"/>
    /// <returns>Scores and paths, without gradient. Where a score that a path can read is NaN or +∞, the score is NaN and there is no path.</returns>
    public static ViterbiAlignment Align(Lattice lattice, Tensor scores, IReadOnlyList<long> frames, RecursionKind kind = RecursionKind.Auto)
    {
        FrameMask.CheckForRecursion(scores, frames);
        using DisposeScope scope = torch.NewDisposeScope();
        using var withoutGradient = torch.no_grad();
        Tensor lengths = FrameMask.Lengths(frames, scores.device);
        LatticeCheck.Check(lattice, scores, lengths);
        using (OneThread.For(scores.device)) lattice = lattice.Cast(scores.dtype, scores.device);
        bool fused = Recursion.Resolve(scores, kind) == RecursionKind.Fused && FusedRecursion.TakesInFull(lattice);
        if (!fused) new RecursionMemory(lattice, scores, lengths).CheckDifferentiable(recorded: false);
        var read = LabelScores.CreateIfClasses(lattice, scores, lengths, fused);
        (Lattice searched, Tensor labelScores) = read is null ? (lattice, scores) : (read.Lattice, read.Scores);
        (Tensor score, Tensor states) =
            fused ? FusedRecursion.BestPaths(searched, labelScores, lengths) : Run(searched, labelScores, lengths);
        Tensor tokens = lattice.LabelsOfStates(states.unsqueeze(0));
        if (read is not null) tokens = read.FindBestTokens(tokens);
        return new ViterbiAlignment(
            score.MoveToOuterDisposeScope(), states.MoveToOuterDisposeScope(), tokens.squeeze(0).MoveToOuterDisposeScope());
    }

    private static (Tensor Score, Tensor States) Run(Lattice lattice, Tensor scores, Tensor lengths)
    {
        using OneThread alone = OneThread.For(scores.device);
        if (scores.shape[0] == 0) return (lattice.Empty.clone(), torch.empty([0, lengths.shape[0]], torch.int64, scores.device));

        var slots = new List<Tensor>();
        Tensor Best(Tensor arcs)
        {
            (Tensor best, Tensor slot) = arcs.max(0);
            slots.Add(slot.MoveToOuterDisposeScope()); // out of the scope of the frame
            return best;
        }

        Tensor emissions = TimeLoop.Emissions(lattice, scores, FrameMask.Create(lengths, scores.shape[0]));
        Tensor ends = TimeLoop.Ends(lattice, TimeLoop.Run(lattice, emissions, Best), lengths);
        (Tensor best, Tensor fromLast) = ends.flip(1).max(1); // flipped, so that the first of equal scores is that of the highest state
        Tensor score = torch.where(lengths.eq(Zero), lattice.Empty, best);
        using Scalar highest = ends.shape[1] - 1;
        Tensor last = fromLast.sub(highest).neg().unsqueeze(1);
        return (score, Trace(lattice, last, slots, lengths, score.isneginf().logical_or(score.isnan())));
    }

    private static Tensor Trace(Lattice lattice, Tensor last, List<Tensor> slots, Tensor lengths, Tensor pathless)
    {
        Tensor state = last; // [B, 1]
        var states = new Tensor[slots.Count + 1];
        for (int t = slots.Count; t >= 0; t--)
        {
            using Scalar frame = t;
            Tensor inside = lengths.gt(frame).unsqueeze(1);
            states[t] = state.masked_fill(inside.logical_not().logical_or(pathless.unsqueeze(1)), StatePath.None).squeeze(1);
            if (t == 0) break;
            Tensor slot = slots[t - 1].gather(1, state);
            state = torch.where(inside, lattice.Arcs.FindSources(state, slot), state).clamp(min: Zero);
        }

        return torch.stack(states);
    }
}
