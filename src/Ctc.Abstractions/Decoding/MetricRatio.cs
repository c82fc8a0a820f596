using System.Text.Json.Serialization;

namespace Ctc;

/// <summary>The contribution of an utterance to a metric, or the sum over several utterances.</summary>
/// <param name="Amount">The amount measured, such as the edits.</param>
/// <param name="Total">What the amount is divided by, such as the tokens of the reference; 0 or more.</param>
public readonly record struct MetricRatio(double Amount, double Total)
{
    /// <summary>Gets the value: the amount over the total; the amount itself if the total is 0.</summary>
    [JsonIgnore]
    public double Value => Total > 0 ? Amount / Total : Amount;

    /// <summary>Adds amounts and totals.</summary>
    /// <param name="left">The one contribution.</param>
    /// <param name="right">The other contribution.</param>
    /// <returns>The sums.</returns>
    public static MetricRatio operator +(MetricRatio left, MetricRatio right) => new(left.Amount + right.Amount, left.Total + right.Total);
}
