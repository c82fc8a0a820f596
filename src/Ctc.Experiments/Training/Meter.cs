using Ctc.Engine.Objectives;
using Ctc.Experiments.Alignments;
using Ctc.Experiments.Readings;

namespace Ctc.Experiments.Training;

/// <summary>Decodes a set with a model and measures the result.</summary>
/// <param name="setup">The model, and the objective whose decoder reads and whose lattice aligns the targets.</param>
/// <param name="progress">The progress at which the model was saved, for schedules.</param>
/// <param name="diagnostics">Statistics to which each batch is added; optional.</param>
internal sealed class Meter(Setup setup, Progress progress, Diagnostics? diagnostics = null)
{
    private const int BatchSize = 64;

    /// <summary>Gets whether confidences are measured too, which costs a further pass over the lattices; by default not.</summary>
    public bool MeasuresConfidence { get; init; }

    /// <summary>Gets whether the boundaries of tokens are measured where the true ones are known; by default they are.</summary>
    public bool MeasuresBoundaries { get; init; } = true;

    /// <summary>Gets whether the emission transforms are applied before decoding; by default the model's own output is read.</summary>
    public bool ReadsTransformed { get; init; }

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
        Measurement measured = Measurement.FromUtterances(results, trained) with
        {
            Metrics = setup.Metrics.Summarise(results),
            AddedTokens = setup.Vocabulary.Added.Count == 0 ? null : [.. setup.Vocabulary.Added.Select(token => token.Name)],
            BoundaryErrorMs = timed ? boundaries : null,
            BoundaryErrorFrames = timed ? null : boundaries,
        };
        return measured.ChosenBy(setup.BestBy);
    }

    private UtteranceResult[] MeasureBatch(Utterance[] utterances)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Alphabet alphabet = setup.Data.Alphabet;
        PaddedBatch padded = setup.Pad([.. utterances.Select(utterance => CanRead(utterance) ? utterance : utterance.WithTarget([]))], progress);
        EncoderOutput output = setup.Read(padded);
        bool isTimed = MeasuresBoundaries && utterances.Any(utterance => utterance.Spans is not null);
        (Tensor likelihoods, BatchEdges? edges) = setup.Objective.IsTransducer
            ? InspectTransducer(output, padded.Batch, isTimed)
            : Inspect(output, padded.Batch, isTimed);
        double[] logLikelihood = likelihoods.to(torch.float64).cpu().data<double>().ToArray();
        Hypothesis[] read = [.. setup.Objective.Decode(output, padded.Batch, transformed: ReadsTransformed).Select(hypotheses => hypotheses[0])];
        Confidences? confidences = MeasuresConfidence ? Confidences.Measure(setup.Objective, output, padded.Batch, read) : null;
        double[]?[] boundaries = Boundaries(utterances, edges);
        string[][] there = [.. utterances.Select(utterance => Symbols(utterance.Target))], found = [.. read.Select(best => Symbols(best.Tokens))];
        return [.. utterances.Select((utterance, b) => new UtteranceResult(
            utterance.Id,
            there[b],
            found[b],
            EditDistance.Between<long>(utterance.Target, read[b].Tokens),
            utterance.Target.Length,
            double.IsNegativeInfinity(logLikelihood[b]) || !CanRead(utterance) ? null : -logLikelihood[b])
        {
            Group = utterance.Group,
            ReferenceText = WrittenText.FromJoined(setup.ToText(there[b])),
            HypothesisText = WrittenText.FromJoined(setup.ToText(found[b])),
            Metrics = setup.Metrics.Measure(utterance.Id, new DecodedUtterance(utterance.Target, read[b].Tokens, alphabet)),
            Confidence = confidences?.OfLine(b),
            TokenConfidences = confidences?.OfTokens(b),
            BoundaryErrors = boundaries[b],
        })];

        string[] Symbols(long[] tokens) => [.. tokens.Select(token => alphabet[token])];
    }

    // The alphabet of the data may have symbols that the model lacks.
    private bool CanRead(Utterance utterance) =>
        utterance.Target.Concat(utterance.Graph?.Labels ?? []).All(token => token < setup.Vocabulary.TargetTokens);

    // The likelihoods of the targets, and the edges of their tokens if some true ones are known.
    private (Tensor LogLikelihood, BatchEdges? Edges) Inspect(EncoderOutput output, Batch batch, bool isTimed)
    {
        BatchEvaluation evaluation = setup.Objective.Inspect(output, batch);
        Tensor likelihood = evaluation.ModelLogLikelihood;
        diagnostics?.Add(evaluation);
        if (!isTimed) return (likelihood, null);
        if (setup.Alignment.Head is { } head) evaluation = setup.Objective.InspectHead(head, output, batch);
        return (likelihood, BatchEdges.From(evaluation, setup.Alignment.Edges));
    }

    private (Tensor LogLikelihood, BatchEdges? Edges) InspectTransducer(EncoderOutput output, Batch batch, bool isTimed)
    {
        TransducerEvaluation evaluation = setup.Objective.InspectTransducer(output, batch);
        diagnostics?.Add(evaluation);
        return (evaluation.LogLikelihood, isTimed ? BatchEdges.From(evaluation) : null);
    }

    // The boundary errors of each utterance whose true spans and best alignment are known.
    private double[]?[] Boundaries(Utterance[] utterances, BatchEdges? found)
    {
        var errors = new double[]?[utterances.Length];
        for (int b = 0; b < errors.Length; b++)
        {
            if (utterances[b].Spans is not { } truth || found?.Spans[b] is not { } spans) continue;
            double inputFrames = (double)utterances[b].Frames / Math.Max(found.Frames[b], 1);
            diagnostics?.Add(spans, truth, inputFrames);
            errors[b] = [.. BoundaryError.Signed(found.Edges[b]!, truth, inputFrames).Select(error => error * unit)];
        }

        return errors;
    }
}
