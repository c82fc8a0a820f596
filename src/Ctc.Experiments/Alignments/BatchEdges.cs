using Ctc.Configuration.Schema;
using Ctc.Engine.Objectives;

namespace Ctc.Experiments.Alignments;

/// <summary>Where the tokens of the targets of a batch begin and end on their best alignments.</summary>
/// <param name="frames">[B] the frames of the output that is aligned.</param>
/// <param name="spans">B lists of U spans in these frames; null where there are none.</param>
/// <param name="edges">The same by a kind of edges, not in whole frames.</param>
internal sealed class BatchEdges(IReadOnlyList<long> frames, FrameSpan[]?[] spans, FrameInterval[]?[] edges)
{
    /// <summary>Gets [B] the frames of the output that is aligned.</summary>
    public IReadOnlyList<long> Frames => frames;

    /// <summary>Gets B lists of U spans; null where there is no alignment, or none that visits the tokens one after the other.</summary>
    public IReadOnlyList<FrameSpan[]?> Spans => spans;

    /// <summary>Gets B lists of U beginnings and ends by the kind of edges; null where <see cref="Spans"/> is.</summary>
    public IReadOnlyList<FrameInterval[]?> Edges => edges;

    /// <summary>Finds the edges of a batch.</summary>
    /// <param name="evaluation">The batch, with its targets.</param>
    /// <param name="kind">Where tokens begin and end.</param>
    public static BatchEdges From(BatchEvaluation evaluation, EdgeKind kind)
    {
        FrameSpan[]?[] spans = TokenSpans.FromViterbi(evaluation);
        ExpectedTimes?[]? expected = kind == EdgeKind.Expected ? ExpectedTimes.From(evaluation) : null;
        bool arePauses = evaluation.Numerator.Lattice.Silence is not null;
        return new BatchEdges(
            evaluation.Batch.Frames, spans,
            [.. spans.Select((found, b) => found is null ? null : TokenEdges.Find(kind, found, expected?[b], arePauses))]);
    }

    /// <summary>Finds the edges of a batch of a transducer: the frame in which each token is emitted.</summary>
    /// <param name="evaluation">The batch, with its targets.</param>
    public static BatchEdges From(TransducerEvaluation evaluation)
    {
        FrameSpan[]?[] spans = TokenSpans.FromTransducer(evaluation);
        return new BatchEdges(
            evaluation.Batch.Frames, spans, [.. spans.Select(found => found is null ? null : TokenEdges.Find(EdgeKind.Frames, found, null))]);
    }
}
