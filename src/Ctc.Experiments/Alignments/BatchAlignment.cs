using System.Runtime.InteropServices;
using Ctc.Configuration.Schema;
using Ctc.Engine.Objectives;
using Ctc.Experiments.Decoding;

namespace Ctc.Experiments.Alignments;

/// <summary>The best alignments of a batch, with edges and confidences.</summary>
internal static class BatchAlignment
{
    private static readonly Scalar Zero = 0L;

    /// <summary>Aligns a batch.</summary>
    /// <param name="evaluation">The batch, with its targets.</param>
    /// <param name="topology">Finds words on paths.</param>
    /// <param name="ids">The B ids.</param>
    /// <param name="edges">Where tokens begin and end.</param>
    /// <param name="frameSeconds">For each utterance the seconds from one frame of the output to the next; null if unknown.</param>
    /// <param name="words">For each utterance the words of its target, if they are known; null for what is between spaces.</param>
    public static IReadOnlyList<AlignedUtterance> From(
        BatchEvaluation evaluation, ITopology topology, IReadOnlyList<string> ids, EdgeKind edges, IReadOnlyList<double?> frameSeconds,
        IReadOnlyList<IReadOnlyList<SymbolWord>?>? words = null)
    {
        Batch batch = evaluation.Batch;
        double[] scores = Numbers(evaluation.ViterbiScore);
        BatchEdges edged = BatchEdges.From(evaluation, edges);
        double[] logProbs = OnPath(evaluation.LogProbs, evaluation.ViterbiPath);
        double[] shares = OnPath(evaluation.Numerator.States, evaluation.ViterbiStates);
        return [.. ids.Select((id, b) =>
        {
            if (!double.IsFinite(scores[b]))
            {
                string problem = InfeasibleException.Describe(batch, [b], topology, shown: 1);
                return new AlignedUtterance(id, batch.Frames[b], null, null, null) { Problem = problem, FrameSeconds = frameSeconds[b] };
            }

            AlignedToken[]? tokens = edged.Spans[b] is { } spans ? Tokens(b, spans, edged.Edges[b]!) : null;
            return new AlignedUtterance(id, batch.Frames[b], scores[b], tokens, Words(b, tokens))
            {
                FrameSeconds = frameSeconds[b],
                Problem = tokens is null ? $"{batch.Names[b]} has a best path that does not read its target token by token" : null,
            };
        })];

        AlignedToken[] Tokens(int b, FrameSpan[] spans, FrameInterval[] edge) =>
        [
            .. spans.Select((span, u) => new AlignedToken(batch.Vocabulary.Symbol(batch.Targets[b][u]), span.Start, span.End)
            {
                From = edges == EdgeKind.Frames ? null : edge[u].Start,
                To = edges == EdgeKind.Frames ? null : edge[u].End,
                Posterior = span.End > span.Start ? Math.Exp(Mean(logProbs, b, span)) : null,
                Occupancy = span.End > span.Start ? Math.Min(Mean(shares, b, span), 1) : null,
            }),
        ];

        double Mean(double[] values, int b, FrameSpan span)
        {
            double sum = 0;
            for (int t = span.Start; t < span.End; t++) sum += values[(t * batch.Size) + b];
            return sum / (span.End - span.Start);
        }

        AlignedWord[]? Words(int b, AlignedToken[]? tokens)
        {
            long[] states = MemoryMarshal.Cast<byte, long>(
                evaluation.ViterbiStates.select(1, b).narrow(0, 0, batch.Frames[b]).cpu().contiguous().bytes).ToArray();
            IReadOnlyList<AlignedWord> found = AlignedWord.FromSpans(topology.FindWords(batch, b, states));
            if (found.Count > 0) return tokens is null ? [.. found] : [.. found.Select(word => word.Over(tokens))];
            if (tokens is null) return null;
            string[] symbols = [.. tokens.Select(token => token.Symbol)];
            IReadOnlyList<SymbolWord>? known = words is not null ? words[b] : SpacedWords.AreIn(symbols) ? SpacedWords.Find(symbols) : null;
            return known is null ? null : AlignedWord.FromTokens(known, tokens);
        }
    }

    // [T, B] of [T, B, S], at the states of paths; any value where there is none.
    private static double[] OnPath(Tensor values, Tensor states) =>
        values.shape[0] == 0 ? [] : Numbers(values.gather(2, states.clamp(min: Zero).unsqueeze(2)).squeeze(2));

    private static double[] Numbers(Tensor of) =>
        of.numel() == 0 ? [] : MemoryMarshal.Cast<byte, double>(of.to(torch.float64).cpu().contiguous().bytes).ToArray();
}
