using Ctc.Engine.Objectives;

namespace Ctc.Experiments.Alignments;

/// <summary>Where the tokens of targets lie on their best alignments: each from the first to the last of the frames in a row that are in its state.</summary>
internal static class TokenSpans
{
    /// <summary>Reads the best alignments of a batch.</summary>
    /// <returns>
    /// B lists of U spans in output frames; null where there is no alignment, and where the lattice does not run through one state for each token, as a
    /// graph need not.
    /// </returns>
    public static FrameSpan[]?[] FromViterbi(BatchEvaluation evaluation)
    {
        (Batch batch, Tensor path) = (evaluation.Batch, evaluation.ViterbiStates); // [T, B]
        bool[] feasible = batch.Size == 0 ? [] : evaluation.Feasible.cpu().data<bool>().ToArray();
        long[] states = Numbers(path), tokens = Numbers(evaluation.ViterbiPath);
        return [.. batch.Targets.Select((target, b) => feasible[b] ? Spans(target, b) : null)];

        FrameSpan[]? Spans(long[] target, int b)
        {
            var spans = new List<FrameSpan>();
            var read = new List<long>();
            for (int t = 0; t < batch.Frames[b]; t++)
            {
                int at = (t * batch.Size) + b;
                if (tokens[at] == batch.Blank) continue;
                if (t > 0 && states[at - batch.Size] == states[at])
                {
                    spans[^1] = spans[^1] with { End = t + 1 };
                    continue;
                }

                spans.Add(new FrameSpan(t, t + 1));
                read.Add(tokens[at]);
            }

            return read.SequenceEqual(target) ? [.. spans] : null;
        }
    }

    private static long[] Numbers(Tensor tensor) => tensor.numel() == 0 ? [] : tensor.cpu().contiguous().data<long>().ToArray();
}
