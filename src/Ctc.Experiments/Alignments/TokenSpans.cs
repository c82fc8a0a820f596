using Ctc.Engine.Objectives;

namespace Ctc.Experiments.Alignments;

/// <summary>The spans of the tokens of targets on their best alignments: the consecutive frames in the state of each token.</summary>
internal static class TokenSpans
{
    /// <summary>Computes the spans from the best alignments of a batch.</summary>
    /// <returns>
    /// B lists of U spans in output frames; null if there is no alignment, or if the path does not visit one state per token, as is possible for a
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
