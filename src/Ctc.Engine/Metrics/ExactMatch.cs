namespace Ctc.Engine.Metrics;

/// <summary>The share of utterances read without an error.</summary>
[Part(
    "exact-match",
    Summary = "The share of utterances read without an error.",
    Formula = "Σ [hypothesis = reference] / number of utterances")]
public sealed class ExactMatch : IMetric
{
    /// <inheritdoc/>
    public string Name => "exact match rate";

    /// <inheritdoc/>
    public bool HigherIsBetter => true;

    /// <inheritdoc/>
    public MetricRatio Measure(DecodedUtterance utterance)
    {
        ArgumentNullException.ThrowIfNull(utterance);
        return new MetricRatio(utterance.Reference.SequenceEqual(utterance.Hypothesis) ? 1 : 0, 1);
    }
}
