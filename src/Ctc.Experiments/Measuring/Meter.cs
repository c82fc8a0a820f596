using Ctc.Engine.Decoding;
using Ctc.Experiments.Training;

namespace Ctc.Experiments.Measuring;

/// <summary>Reads a set with a model, by best path, and measures it.</summary>
internal static class Meter
{
    private const int BatchSize = 64;

    public static Measurement Measure(IReadOnlyList<Utterance> set, Setup setup)
    {
        setup.Network.eval();
        using var withoutGradient = torch.no_grad();

        // Like lengths together, for less padding; the results stand in the order of the set.
        UtteranceResult[] results = [.. set
            .Select((utterance, position) => (utterance, position))
            .OrderBy(pair => pair.utterance.Frames)
            .Chunk(BatchSize)
            .SelectMany(chunk => Read([.. chunk.Select(pair => pair.utterance)], setup)
                .Zip(chunk, (result, pair) => (result, pair.position)))
            .OrderBy(pair => pair.position)
            .Select(pair => pair.result)];
        Dictionary<string, int> trained = setup.Data.Train
            .SelectMany(utterance => utterance.Target)
            .CountBy(token => token)
            .ToDictionary(count => setup.Data.Alphabet[count.Key], count => count.Value);
        return Measurement.Of(results, trained);
    }

    private static UtteranceResult[] Read(Utterance[] utterances, Setup setup)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Alphabet alphabet = setup.Data.Alphabet;
        PaddedBatch padded = setup.Pad(utterances);
        Tensor logits = setup.Network.forward(padded.Features, padded.Frames);
        Evaluation evaluation = setup.Objective.Inspect(logits, padded.Batch);
        double[] loss = evaluation.Loss.to(torch.float64).cpu().data<double>().ToArray();
        bool[] feasible = evaluation.Feasible.cpu().data<bool>().ToArray();
        IReadOnlyList<long[]> read = BestPath.Decode(logits, padded.Batch.Frames, alphabet.Blank);
        return [.. utterances.Select((utterance, b) => new UtteranceResult(
            utterance.Id,
            [.. utterance.Target.Select(token => alphabet[token])],
            [.. read[b].Select(token => alphabet[token])],
            EditDistance.Between<long>(utterance.Target, read[b]),
            utterance.Target.Length,
            feasible[b] ? loss[b] : null) { Group = utterance.Group })];
    }
}
