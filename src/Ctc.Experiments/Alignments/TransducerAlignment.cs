using Ctc.Engine.Objectives;

namespace Ctc.Experiments.Alignments;

/// <summary>The best alignments of a batch of a transducer: a token takes the frame in which it is emitted.</summary>
internal static class TransducerAlignment
{
    /// <summary>Aligns a batch.</summary>
    /// <param name="evaluation">The batch, with its targets.</param>
    /// <param name="ids">The B ids.</param>
    /// <param name="frameSeconds">For each utterance the seconds from one frame of the output to the next; null if unknown.</param>
    public static IReadOnlyList<AlignedUtterance> From(
        TransducerEvaluation evaluation, IReadOnlyList<string> ids, IReadOnlyList<double?> frameSeconds)
    {
        Batch batch = evaluation.Batch;
        FrameSpan[]?[] spans = TokenSpans.FromTransducer(evaluation);
        return [.. ids.Select((id, b) => new AlignedUtterance(
            id,
            batch.Frames[b],
            spans[b] is null ? null : evaluation.Alignments[b].Score,
            spans[b]?.Zip(batch.Targets[b], (span, token) => new AlignedToken(batch.Vocabulary.Symbol(token), span.Start, span.End)).ToArray(),
            Words: null)
        {
            FrameSeconds = frameSeconds[b],
            Problem = spans[b] is null ? $"{batch.Names[b]} has no path in {batch.Frames[b]} frames" : null,
        })];
    }
}
