namespace Ctc.Engine.Metrics;

/// <summary>Edits per token of the references.</summary>
[Part(
    "token-error-rate",
    Summary = "The edits (insertions, deletions, substitutions) per token of the references.",
    Formula = "Σ edits(reference, hypothesis) / Σ U",
    Paper = "Levenshtein, \"Binary codes capable of correcting deletions, insertions, and reversals\", Soviet Physics Doklady 10, 1966")]
public sealed class TokenErrorRate : IMetric
{
    /// <inheritdoc/>
    public MetricRatio Measure(DecodedUtterance utterance)
    {
        ArgumentNullException.ThrowIfNull(utterance);
        return new MetricRatio(EditDistance.Between(utterance.Reference, utterance.Hypothesis), utterance.Reference.Length);
    }
}
