using Ctc.Engine.Objectives;
using Ctc.Experiments.Alignments;

namespace Ctc.Experiments.Training;

/// <summary>Decodes a set with a model and measures the result.</summary>
/// <param name="setup">The model, and the objective whose decoder reads and whose lattice aligns the targets.</param>
/// <param name="progress">The progress at which the model was saved, for schedules.</param>
/// <param name="diagnostics">Statistics to which each batch is added; optional.</param>
internal sealed class Meter(Setup setup, Progress progress, Diagnostics? diagnostics = null)
{
    private const int BatchSize = 64;

    private readonly double unit = setup.Data.FrameMilliseconds ?? 1; // of boundary errors

    public Measurement Measure(IReadOnlyList<Utterance> set)
    {
        setup.Network.eval();
        using var withoutGradient = torch.no_grad();

        // Similar lengths together, for less padding; the results are in the order of the set.
        UtteranceResult[] results = [.. set
            .Select((utterance, position) => (utterance, position))
            .OrderBy(pair => pair.utterance.Frames)
            .Chunk(BatchSize)
            .SelectMany(chunk => MeasureBatch([.. chunk.Select(pair => pair.utterance)])
                .Zip(chunk, (result, pair) => (result, pair.position)))
            .OrderBy(pair => pair.position)
            .Select(pair => pair.result)];
        Dictionary<string, int> trained = setup.Data.Train
            .SelectMany(utterance => utterance.Target)
            .CountBy(token => token)
            .ToDictionary(count => setup.Data.Alphabet[count.Key], count => count.Value);
        BoundaryError? boundaries = BoundaryError.FromDifferences(results.SelectMany(result => result.BoundaryErrors ?? []));
        bool timed = setup.Data.FrameMilliseconds is not null;
        return Measurement.FromUtterances(results, trained) with
        {
            Metrics = setup.Metrics.Summarise(results),
            AddedTokens = setup.Vocabulary.Added.Count == 0 ? null : [.. setup.Vocabulary.Added.Select(token => token.Name)],
            BoundaryErrorMs = timed ? boundaries : null,
            BoundaryErrorFrames = timed ? null : boundaries,
        };
    }

    private UtteranceResult[] MeasureBatch(Utterance[] utterances)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Alphabet alphabet = setup.Data.Alphabet;
        PaddedBatch padded = setup.Pad(utterances, progress);
        EncoderOutput output = setup.Read(padded);
        BatchEvaluation evaluation = setup.Objective.Inspect(output, padded.Batch);
        double[] logLikelihood = evaluation.ModelLogLikelihood.to(torch.float64).cpu().data<double>().ToArray();
        long[][] read = [.. setup.Objective.Decode(output, padded.Batch).Select(hypotheses => hypotheses[0].Tokens)];
        diagnostics?.Add(evaluation);
        double[]?[] boundaries = Boundaries(utterances, evaluation);
        return [.. utterances.Select((utterance, b) => new UtteranceResult(
            utterance.Id,
            [.. utterance.Target.Select(token => alphabet[token])],
            [.. read[b].Select(token => alphabet[token])],
            EditDistance.Between<long>(utterance.Target, read[b]),
            utterance.Target.Length,
            double.IsNegativeInfinity(logLikelihood[b]) ? null : -logLikelihood[b])
        {
            Group = utterance.Group,
            Metrics = setup.Metrics.Measure(utterance.Id, new DecodedUtterance(utterance.Target, read[b], alphabet)),
            BoundaryErrors = boundaries[b],
        })];
    }

    // The boundary errors of each utterance whose true spans and best alignment are known.
    private double[]?[] Boundaries(Utterance[] utterances, BatchEvaluation evaluation)
    {
        var errors = new double[]?[utterances.Length];
        if (utterances.All(utterance => utterance.Spans is null)) return errors;

        FrameSpan[]?[] spans = TokenSpans.FromViterbi(evaluation);
        for (int b = 0; b < errors.Length; b++)
        {
            if (utterances[b].Spans is not { } truth || spans[b] is not { } found) continue;
            double inputFrames = (double)utterances[b].Frames / Math.Max(evaluation.Batch.Frames[b], 1);
            diagnostics?.Add(found, truth, inputFrames);
            errors[b] = [.. BoundaryError.Signed(found, truth, inputFrames).Select(error => error * unit)];
        }

        return errors;
    }
}
