using System.Globalization;
using System.Text.Json.Serialization;

namespace Ctc.Experiments.Training;

/// <summary>The value of a metric on a set.</summary>
/// <param name="Name">The name of the metric in words.</param>
/// <param name="Unit">% for a share of 1, which is displayed in per cent; any other unit, or an empty text.</param>
/// <param name="HigherIsBetter">Whether the higher of two values is the better one.</param>
/// <param name="Value">The sum of the amounts over the sum of the totals.</param>
public sealed record MetricValue(string Name, string Unit, bool HigherIsBetter, double Value)
{
    /// <summary>The unit of a share.</summary>
    public const string PerCent = "%";

    /// <summary>The key of the token error rate.</summary>
    public const string TokenErrorRateKey = "token_error_rate";

    /// <summary>The key of the exact match rate.</summary>
    public const string ExactMatchRateKey = "exact_match_rate";

    /// <summary>The key of the loss.</summary>
    public const string LossKey = "loss";

    /// <summary>Gets the number to display, before the unit: per cent of a share, else the value.</summary>
    [JsonIgnore]
    public double Displayed => Unit == PerCent ? 100 * Value : Value;

    /// <summary>Gets the value with its unit: <c>4.78 %</c>.</summary>
    [JsonIgnore]
    public string Text => $"{Displayed.ToString("f2", CultureInfo.InvariantCulture)} {Unit}".TrimEnd();

    /// <summary>Gets the value, negated if higher is better: less is better.</summary>
    internal double Rank => HigherIsBetter ? -Value : Value;

    /// <summary>Creates the value of the metric <c>token-error-rate</c>.</summary>
    /// <param name="value">A share.</param>
    internal static KeyValuePair<string, MetricValue> TokenErrorRate(double value) =>
        new(TokenErrorRateKey, new MetricValue("token error rate", PerCent, HigherIsBetter: false, value));

    /// <summary>Creates the value of the loss of a set.</summary>
    /// <param name="value">In nats.</param>
    internal static KeyValuePair<string, MetricValue> OfLoss(double value) =>
        new(LossKey, new MetricValue("loss", "nats", HigherIsBetter: false, value));

    /// <summary>Creates the value of the median boundary error.</summary>
    /// <param name="value">In the unit.</param>
    /// <param name="unit">ms or frames.</param>
    internal static KeyValuePair<string, MetricValue> BoundaryError(double value, string unit) =>
        new($"boundary_error_{unit}", new MetricValue("median boundary error", unit, HigherIsBetter: false, value));

    /// <summary>Creates the value of the metric <c>exact-match</c>.</summary>
    /// <param name="value">A share.</param>
    internal static KeyValuePair<string, MetricValue> ExactMatchRate(double value) =>
        new(ExactMatchRateKey, new MetricValue("exact match rate", PerCent, HigherIsBetter: true, value));
}
