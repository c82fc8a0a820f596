using Ctc.Engine.Objectives;

namespace Ctc.Experiments.Alignments;

/// <summary>The spans of the tokens of targets on their best alignments: the consecutive frames in the state of each token.</summary>
internal static class TokenSpans
{
    private const long None = -1;

    private static readonly Scalar Zero = 0L;

    /// <summary>Computes the spans from the best alignments of a batch.</summary>
    /// <returns>
    /// B lists of U spans in output frames; null if there is no alignment, or if the path does not visit the tokens of the target one after the
    /// other, as is possible for a graph. Tokens that one state reads, such as those of a gram, have the same span.
    /// </returns>
    public static FrameSpan[]?[] FromViterbi(BatchEvaluation evaluation)
    {
        bool[] feasible = evaluation.Batch.Size == 0 ? [] : evaluation.Feasible.cpu().data<bool>().ToArray();
        return FromPaths(evaluation.Batch, evaluation.Numerator.Lattice, evaluation.ViterbiStates, evaluation.ViterbiPath, feasible);
    }

    /// <summary>Computes the spans from paths.</summary>
    /// <param name="batch">The targets and lengths.</param>
    /// <param name="lattice">Their lattice.</param>
    /// <param name="path">[T, B] the state of each frame.</param>
    /// <param name="pathTokens">[T, B] the token of each frame.</param>
    /// <param name="feasible">Whether an utterance has a path.</param>
    /// <inheritdoc cref="FromViterbi"/>
    public static FrameSpan[]?[] FromPaths(Batch batch, Lattice lattice, Tensor path, Tensor pathTokens, bool[] feasible)
    {
        long[] states = Numbers(path);
        if (lattice.Positions is { } positions)
        {
            using Tensor device = positions.to(path.device), from = path.clamp(min: Zero);
            using Tensor read = device.gather(1, from.transpose(0, 1)).transpose(0, 1); // [T, B]
            long[] ofFrames = Numbers(read);
            HashSet<long>[] pauses = FindPauses(lattice, batch.Size);
            return
            [
                .. batch.Targets.Select(
                    (target, b) => feasible[b] ? ByPosition(Visits(b, at => ofFrames[at]), target.Length, pauses[b]) : null),
            ];
        }

        long[] tokens = Numbers(pathTokens);
        long Token(int at) => tokens[at] == batch.Blank ? None : tokens[at];
        return [.. batch.Targets.Select((target, b) => feasible[b] ? ByToken(Visits(b, Token), target) : null)];

        // The visits of states with a value, each from the frame of its entry to that of its exit.
        List<(long Value, FrameSpan Span)> Visits(int b, Func<int, long> value)
        {
            var visits = new List<(long Value, FrameSpan Span)>();
            for (int t = 0; t < batch.Frames[b]; t++)
            {
                int at = (t * batch.Size) + b;
                if (value(at) == None) continue;
                if (t > 0 && states[at - batch.Size] == states[at]) visits[^1] = (value(at), visits[^1].Span with { End = t + 1 });
                else visits.Add((value(at), new FrameSpan(t, t + 1)));
            }

            return visits;
        }
    }

    /// <summary>Finds the positions of targets that a path may leave out: those of pauses.</summary>
    /// <param name="lattice">With positions.</param>
    /// <param name="batch">B, the number of utterances.</param>
    /// <returns>A set for each utterance; also with −1 where there are pauses that the target does not have.</returns>
    public static HashSet<long>[] FindPauses(Lattice lattice, int batch)
    {
        if (lattice.Silence is not { } silence) return [.. Enumerable.Range(0, batch).Select(_ => new HashSet<long>())];
        (long[] labels, long[] positions) = (Numbers(lattice.Labels), Numbers(lattice.Positions!));
        int states = labels.Length / batch;
        return [.. Enumerable.Range(0, batch).Select(b =>
            Enumerable.Range(b * states, states).Where(cell => labels[cell] == silence).Select(cell => positions[cell]).ToHashSet())];
    }

    /// <summary>Computes the spans from the best alignments of a batch of a transducer: the frame in which each token is emitted.</summary>
    /// <returns>B lists of U spans of one output frame; null if there is no alignment.</returns>
    public static FrameSpan[]?[] FromTransducer(TransducerEvaluation evaluation) =>
        [.. evaluation.Alignments.Select(path => path.Frames?.Select(frame => new FrameSpan(frame, frame + 1)).ToArray())];

    private static FrameSpan[]? ByToken(List<(long Value, FrameSpan Span)> visits, long[] target) =>
        visits.Select(visit => visit.Value).SequenceEqual(target) ? [.. visits.Select(visit => visit.Span)] : null;

    // Positions must rise from 0. One that no state reads belongs to the state before it; a pause that is left out has no frame.
    private static FrameSpan[]? ByPosition(List<(long Value, FrameSpan Span)> visits, int length, HashSet<long> pauses)
    {
        var spans = new List<FrameSpan>();
        foreach ((long position, FrameSpan span) in visits)
        {
            if (position < spans.Count || !TryFill(position)) return null;
            spans.Add(span);
        }

        return TryFill(length) ? [.. spans] : null;

        bool TryFill(long end)
        {
            while (spans.Count < end)
            {
                bool isPause = pauses.Contains(spans.Count);
                if (!isPause && spans.Count == 0) return false;
                int last = spans.Count == 0 ? 0 : spans[^1].End;
                spans.Add(isPause ? new FrameSpan(last, last) : spans[^1]);
            }

            return true;
        }
    }

    private static long[] Numbers(Tensor tensor) => tensor.numel() == 0 ? [] : tensor.cpu().contiguous().data<long>().ToArray();
}
