using Ctc;

namespace Misbehaving;

/// <summary>Divides by the length of the reference before the sums.</summary>
[Part("divided", Summary = "Gives NaN for an empty reference.")]
internal sealed class Divided : IMetric
{
    public MetricRatio Measure(DecodedUtterance utterance) =>
        new((double)EditDistance.Between(utterance.Reference, utterance.Hypothesis) / utterance.Reference.Length, 1);
}

/// <summary>Counts the tokens that are wrong as negative totals.</summary>
[Part("negative-total", Summary = "Gives a negative total.")]
internal sealed class NegativeTotal : IMetric
{
    public MetricRatio Measure(DecodedUtterance utterance) => new(0, -utterance.Reference.Length);
}

/// <summary>Forgets to tell that more is better.</summary>
[Part("wrong-direction", Summary = "Counts what is right, and claims that less of it is better.")]
internal sealed class WrongDirection : IMetric
{
    public MetricRatio Measure(DecodedUtterance utterance) => new(utterance.Reference.SequenceEqual(utterance.Hypothesis) ? 1 : 0, 1);
}

/// <summary>Accumulates over its calls.</summary>
[Part("accumulating", Summary = "Gives sums over all calls.")]
internal sealed class Accumulating : IMetric
{
    private int edits;

    public MetricRatio Measure(DecodedUtterance utterance) =>
        new(edits += EditDistance.Between(utterance.Reference, utterance.Hypothesis), utterance.Reference.Length);
}

/// <summary>Has a name that is no key.</summary>
[Part("odd-name", Summary = "Has a name with a slash.")]
internal sealed class OddName : IMetric
{
    public string Name => "errors/line";

    public MetricRatio Measure(DecodedUtterance utterance) => new(EditDistance.Between(utterance.Reference, utterance.Hypothesis), 1);
}
