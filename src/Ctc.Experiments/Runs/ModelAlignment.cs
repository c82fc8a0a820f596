using Ctc.Configuration.Schema;
using Ctc.Engine.Objectives;
using Ctc.Experiments.Alignments;
using Ctc.Experiments.Training;

namespace Ctc.Experiments.Runs;

/// <summary>Aligns the targets of utterances with the output of a trained network.</summary>
/// <param name="network">The network.</param>
/// <param name="state">The shape of its data.</param>
/// <param name="objective">With what aligns.</param>
/// <param name="aligning">What aligns; null for a transducer.</param>
/// <param name="progress">The progress of the training, for schedules.</param>
internal sealed class ModelAlignment(Encoder network, TrainingState state, Objective objective, AligningObjective? aligning, Progress progress)
{
    private const int BatchSize = 16;
    private const double MillisecondsPerSecond = 1000;

    /// <summary>Gets the most logits and states of a batch. An utterance that has more is aligned in pieces.</summary>
    /// <value>By default 2²⁵: a quarter of a gigabyte in double precision.</value>
    public long MostNumbers { get; init; } = 1 << 25;

    /// <summary>Aligns utterances, as many at a time as fit into some memory.</summary>
    /// <param name="utterances">With targets.</param>
    /// <param name="edges">Where tokens begin and end.</param>
    /// <param name="outputMilliseconds">The time from one frame of the output to the next; null for that of the data.</param>
    /// <param name="inputMilliseconds">The time from one frame of the data to the next; null if unknown.</param>
    /// <returns>Lazily, the alignments in the order of the utterances.</returns>
    public IEnumerable<AlignedUtterance> Align(
        IEnumerable<Utterance> utterances, EdgeKind edges, double? outputMilliseconds, double? inputMilliseconds) =>
        Neighbours.Group(utterances, Measure, MostNumbers, BatchSize).SelectMany(some =>
        {
            using DisposeScope scope = torch.NewDisposeScope();
            using var withoutGradient = torch.no_grad();
            double? Seconds(Utterance utterance, long outputs) =>
                (outputMilliseconds ?? (inputMilliseconds * utterance.Frames / Math.Max(outputs, 1))) / MillisecondsPerSecond;
            IReadOnlyList<AlignedUtterance> found = AlignLong(some, edges, Seconds) ?? AlignBatch(some, edges, Seconds);
            return (AlignedUtterance[])[.. found.Zip(some, (aligned, utterance) => aligned.ComparedWith(utterance, inputMilliseconds))];
        });

    private (long Frames, long Width) Measure(Utterance utterance) =>
        (utterance.Frames, Neighbours.Width(state.Vocabulary.Size, utterance.Target.Length));

    private IReadOnlyList<AlignedUtterance>? AlignLong(
        IReadOnlyList<Utterance> some, EdgeKind edges, Func<Utterance, long, double?> seconds)
    {
        if (aligning is null || some is not [var one]) return null;
        (long frames, long width) = Measure(one);
        if (frames * width <= MostNumbers) return null;
        Tensor read = WindowedReading.Read(one, state.FeatureSize, network, aligning.Stream);
        Batch batch = PaddedBatch.Describe(some, state.Vocabulary, network, progress).WithFrames([read.shape[0]]);
        return LongAlignment.Find(aligning, read, batch, one.Id, edges, words: null) is { } aligned
            ? [aligned with { FrameSeconds = seconds(one, read.shape[0]) }]
            : null;
    }

    private IReadOnlyList<AlignedUtterance> AlignBatch(
        IReadOnlyList<Utterance> some, EdgeKind edges, Func<Utterance, long, double?> seconds)
    {
        PaddedBatch padded = PaddedBatch.FromUtterances(some, state.FeatureSize, state.Vocabulary, network, torch.CPU, progress);
        EncoderOutput output = padded.ReadBy(network);
        if (aligning is null)
        {
            return TransducerAlignment.From(objective.InspectTransducer(output, padded.Batch), padded.Batch.Ids, Seconds(padded.Batch));
        }

        BatchEvaluation evaluation = aligning.Inspect(output, padded.Batch);
        return BatchAlignment.From(evaluation, aligning.Topology, padded.Batch.Ids, edges, Seconds(evaluation.Batch));

        double?[] Seconds(Batch batch) => [.. some.Zip(batch.Frames, seconds)];
    }
}
