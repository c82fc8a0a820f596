using Ctc.Engine.Recursions;
using Ctc.Engine.Recursions.Transducer;

namespace Ctc.Engine.Paths;

/// <summary>The best alignment of a transducer with the target of each utterance: the max semiring, exact.</summary>
/// <remarks>
/// Among equal scores the last token is emitted as early as possible, then the token before it, and so on. O(B·T·U) time and memory.
/// </remarks>
public static class TransducerViterbi
{
    /// <summary>Aligns a batch with its targets.</summary>
    /// <param name="batch">Targets, lengths and the blank.</param>
    /// <param name="scores">[B, T, U+1, V] as those of <see cref="TransducerRecursion.LogLikelihood"/>: of a log-softmax, if from a model.</param>
    /// <param name="kind">The recursion to use; by default the fastest that supports type and device.</param>
    /// <returns>B alignments.</returns>
    /// <exception cref="ArgumentException">As of <see cref="TransducerRecursion.LogLikelihood"/>.</exception>
    /// <exception cref="NotSupportedException">The kind is fused, and the scores are not on the CPU.</exception>
    public static IReadOnlyList<TransducerPath> Align(Batch batch, Tensor scores, RecursionKind kind = RecursionKind.Auto)
    {
        TransducerInputs.Check(batch, scores);
        using DisposeScope scope = torch.NewDisposeScope();
        using var withoutGradient = torch.no_grad();
        var arcs = TransducerArcs.Read(batch, scores, logits: false);
        if (arcs.Blanks.numel() == 0) return [.. batch.Targets.Select(WithoutFrames)];

        var diagonals = DiagonalLattice.Create(arcs);
        using ViterbiAlignment best = Viterbi.Align(diagonals.Lattice, diagonals.Scores, diagonals.Steps, kind);
        double[] totals = [.. best.Score.to(torch.float64).cpu().data<double>()];
        long[] states = [.. best.States.transpose(0, 1).contiguous().cpu().data<long>()];
        bool[] broken = [.. diagonals.FindBroken().cpu().data<bool>()];
        int rows = (int)best.States.shape[0];
        return [.. batch.Targets.Select((target, b) => batch.Frames[b] == 0 ? WithoutFrames(target)
            : broken[b] ? new TransducerPath(double.NaN, target, null)
            : new TransducerPath(totals[b], target, FindFrames(states.AsSpan(b * rows, rows), target.Length)))];
    }

    /// <summary>Aligns a batch of a monotonic transducer, whose frames emit one token or the blank.</summary>
    /// <inheritdoc cref="Align"/>
    /// <param name="batch">Targets, lengths and the blank.</param>
    /// <param name="scores">[B, T, U+1, V] as those of <see cref="MonotonicRecursion.LogLikelihood"/>.</param>
    /// <param name="kind">The recursion to use; by default the fastest that supports type and device.</param>
    public static IReadOnlyList<TransducerPath> AlignMonotonic(Batch batch, Tensor scores, RecursionKind kind = RecursionKind.Auto)
    {
        TransducerInputs.Check(batch, scores);
        if (batch.Size == 0) return [];
        using DisposeScope scope = torch.NewDisposeScope();
        using var withoutGradient = torch.no_grad();
        MonotonicLattice lattice = MonotonicRecursion.Open(batch, scores, fastEmit: 0);
        using ViterbiAlignment best = Viterbi.Align(lattice.Lattice, lattice.Scores, lattice.Steps, kind);
        double[] totals = [.. best.Score.to(torch.float64).cpu().data<double>()];
        long[] states = [.. best.States.transpose(0, 1).contiguous().cpu().data<long>()];
        int rows = (int)best.States.shape[0];
        return [.. batch.Targets.Select((target, b) => new TransducerPath(
            totals[b], target, FindMonotonicFrames(states.AsSpan(b * rows, (int)lattice.Steps[b]), target.Length)))];
    }

    // A token is emitted in the frame before the one in which the state is the next.
    private static int[]? FindMonotonicFrames(ReadOnlySpan<long> states, int length)
    {
        if (states[0] < 0) return null;
        var frames = new int[length];
        for (int n = 1; n < states.Length; n++)
        {
            if (states[n] > states[n - 1]) frames[states[n] - 1] = n - 1;
        }

        return frames;
    }

    // The state of diagonal n is the number of tokens emitted so far, so its frame is n minus the state.
    private static int[]? FindFrames(ReadOnlySpan<long> states, int length)
    {
        if (states[0] < 0) return null;
        var frames = new int[length];
        for (int n = 1; n < states.Length; n++)
        {
            if (states[n] > states[n - 1]) frames[states[n] - 1] = n - (int)states[n];
        }

        return frames;
    }

    private static TransducerPath WithoutFrames(long[] target) =>
        target.Length == 0 ? new TransducerPath(0, target, []) : new TransducerPath(double.NegativeInfinity, target, null);
}
