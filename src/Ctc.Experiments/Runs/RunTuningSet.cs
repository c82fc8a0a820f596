namespace Ctc.Experiments.Runs;

/// <summary>Utterances of a run's data. The model's output is computed once.</summary>
internal sealed class RunTuningSet : ITuningSet
{
    private const int BatchSize = 64;

    private readonly TrainedModel model;
    private readonly IMetric metric;
    private readonly IReadOnlyList<Utterance> utterances;
    private readonly IReadOnlyList<float[]> outputs;

    /// <param name="model">The model.</param>
    /// <param name="utterances">Utterances with texts and frames.</param>
    /// <param name="metric">Compares them.</param>
    public RunTuningSet(TrainedModel model, IReadOnlyList<Utterance> utterances, IMetric metric)
    {
        (this.model, this.utterances, this.metric) = (model, utterances, metric);
        outputs = [.. model.Outputs.Read(utterances)];
    }

    /// <inheritdoc/>
    public int Count => utterances.Count;

    /// <inheritdoc/>
    public double Measure(IDecoder decoder)
    {
        double amount = 0, total = 0;
        foreach (int[] chunk in Enumerable.Range(0, utterances.Count).Chunk(BatchSize))
        {
            IReadOnlyList<Hypothesis> read = model.Outputs.Decode([.. chunk.Select(i => (utterances[i], outputs[i]))], decoder);
            for (int b = 0; b < chunk.Length; b++)
            {
                MetricRatio ratio = metric.Measure(new DecodedUtterance(utterances[chunk[b]].Target, read[b].Tokens, model.Vocabulary.Alphabet!));
                (amount, total) = (amount + ratio.Amount, total + ratio.Total);
            }
        }

        return amount / Math.Max(total, 1);
    }
}
