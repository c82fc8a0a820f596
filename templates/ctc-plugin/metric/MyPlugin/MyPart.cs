using System.ComponentModel.DataAnnotations;
using Ctc;

namespace MyNamespace;

/// <summary>Options of <c>my-part</c>.</summary>
public sealed record MyPartOptions
{
    /// <summary>Gets the number of errors that an utterance may have.</summary>
    /// <value>Insertions, deletions and substitutions of tokens, 0 to 100; the default is 1. With 0 it is the exact match rate.</value>
    [Range(0, 100)]
    public int Errors { get; init; } = 1;
}

/// <summary>Counts the utterances that are read with few errors.</summary>
[Part(
    "my-part",
    typeof(MyPartOptions),
    Summary = "The share of utterances read with at most a number of errors.",
    Formula = "Σ [edits(reference, hypothesis) ≤ errors] / number of utterances")]
internal sealed class MyPart(MyPartOptions options) : IMetric
{
    public bool HigherIsBetter => true;

    public MetricRatio Measure(DecodedUtterance utterance)
    {
        int edits = EditDistance.Between(utterance.Reference, utterance.Hypothesis);
        return new MetricRatio(edits <= options.Errors ? 1 : 0, 1); // amount and total of the utterance
    }
}
