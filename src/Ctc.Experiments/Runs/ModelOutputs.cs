using Ctc.Engine.Objectives;
using Ctc.Experiments.Training;

namespace Ctc.Experiments.Runs;

/// <summary>The outputs of a trained network: what decoders read, apart from decoding, so that several may read the same.</summary>
/// <param name="network">The network.</param>
/// <param name="state">The shape of its data.</param>
/// <param name="objective">With topology and decoder.</param>
/// <param name="progress">The progress of the training, for schedules.</param>
/// <param name="transforms">Whether the emission transforms are applied before decoding.</param>
internal sealed class ModelOutputs(Encoder network, TrainingState state, Objective objective, Progress progress, bool transforms)
{
    private const int BatchSize = 16;

    /// <summary>The number of frames in the output for an utterance.</summary>
    /// <returns>N; 0 for an utterance without frames.</returns>
    public long Frames(Utterance utterance) => utterance.Frames == 0 ? 0 : network.OutputFrames(utterance.Frames);

    /// <summary>Computes the outputs of utterances, a few at a time.</summary>
    /// <returns>
    /// Lazily, for each utterance in its order, frame by frame: N × V log-probabilities; under a transducer what its joint network reads.
    /// </returns>
    public IEnumerable<float[]> Read(IEnumerable<Utterance> utterances) => utterances.Chunk(BatchSize).SelectMany(ReadBatch);

    /// <summary>Decodes outputs.</summary>
    /// <param name="outputs">Utterances, with their outputs from <see cref="Read"/>.</param>
    /// <param name="decoder">It reads no stream.</param>
    /// <returns>The best hypothesis of each utterance.</returns>
    public IReadOnlyList<Hypothesis> Decode(IReadOnlyList<(Utterance Utterance, float[] Numbers)> outputs, IDecoder decoder)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var withoutGradient = torch.no_grad();
        Batch batch = PaddedBatch.Describe([.. outputs.Select(output => output.Utterance)], state.Vocabulary, network, progress);
        long width = objective.FindWidth(state.Vocabulary);
        Tensor numbers = torch.zeros([batch.Frames.Max(), outputs.Count, width], torch.float32);
        for (int b = 0; b < outputs.Count; b++)
        {
            if (batch.Frames[b] == 0) continue;
            using Tensor rows = numbers.narrow(0, 0, batch.Frames[b]).select(1, b);
            rows.copy_(torch.tensor(outputs[b].Numbers, [batch.Frames[b], width]));
        }

        return [.. objective.Decode(new EncoderOutput(numbers), batch, decoder, transforms).Select(hypotheses => hypotheses[0])];
    }

    private IReadOnlyList<float[]> ReadBatch(Utterance[] utterances)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var withoutGradient = torch.no_grad();
        if (utterances.All(utterance => utterance.Frames == 0)) return [.. utterances.Select(_ => Array.Empty<float>())];
        PaddedBatch padded = PaddedBatch.FromUtterances(utterances, state.FeatureSize, state.Vocabulary, network, torch.CPU, default);
        Tensor numbers = network.forward(padded.Features, padded.Frames);
        if (!objective.IsTransducer) numbers = numbers.log_softmax(2);
        return [.. utterances.Select((utterance, b) =>
            numbers.narrow(0, 0, Frames(utterance)).select(1, b).contiguous().data<float>().ToArray())];
    }
}
