using Ctc.Configuration.Binding;
using Ctc.Engine.Metrics;

namespace Ctc.Experiments.Training;

/// <summary>The metrics of an experiment, with their keys in files. By default the first chooses the best epoch.</summary>
/// <remarks>Token error rate and exact match rate are measured always, and have keys of their own: see <see cref="Measurement"/>.</remarks>
internal sealed class ChosenMetrics
{
    // Keys of other numbers beside those of metrics, in evaluation.json, metrics.jsonl, reports and their tables.
    private static readonly string[] OtherKeys =
    [
        MetricValue.TokenErrorRateKey, MetricValue.ExactMatchRateKey, MetricValue.LossKey,
        "macro_recall", "recall_tail", "recall_middle", "recall_head",
        "boundary_error_ms", "boundary_error_frames", "mean_boundary_error_ms", "mean_boundary_error_frames", "boundary_error_p90_ms",
        "boundary_error_p90_frames", "boundary_bias_ms", "boundary_bias_frames", "boundaries_within_10_ms", "boundaries_within_20_ms",
        "boundaries_within_50_ms", "boundaries_within_1_frames", "boundaries_within_2_frames", "boundaries_within_5_frames", "variant", "seed",
        "status", "utterances", "seconds",
    ];

    private readonly OrderedDictionary<string, (IMetric Metric, string Name)> metrics = [];

    /// <summary>Takes metrics in the order of the experiment. Where two have one key, the second gets a number.</summary>
    /// <param name="chosen">At least one.</param>
    public ChosenMetrics(IReadOnlyList<IMetric> chosen)
    {
        IsDefault = chosen is [TokenErrorRate, ExactMatch];
        foreach (IMetric metric in chosen)
        {
            string key = Key(metric.Name);
            string? own = metric switch
            {
                TokenErrorRate => MetricValue.TokenErrorRateKey,
                ExactMatch => MetricValue.ExactMatchRateKey,
                _ => null,
            };
            bool IsTaken(string candidate) => metrics.ContainsKey(candidate) || (candidate != own && OtherKeys.Contains(candidate));
            int number = 1;
            while (IsTaken(Numbered(key, number, '_'))) number++;
            metrics.Add(Numbered(key, number, '_'), (metric, Numbered(metric.Name, number, ' ')));
        }
    }

    /// <summary>Gets the metrics of an experiment that names none.</summary>
    public static ChosenMetrics Default { get; } = new([new TokenErrorRate(), new ExactMatch()]);

    /// <summary>Gets whether the metrics are those of an experiment that names none.</summary>
    public bool IsDefault { get; }

    /// <summary>Creates the metrics that an experiment chooses.</summary>
    public static ChosenMetrics Create(IEnumerable<PartChoice> chosen) => new([.. chosen.Select(part => part.Create<IMetric>())]);

    /// <summary>Measures an utterance.</summary>
    /// <returns>Amount and total by key; null if every number is in the keys of the default metrics.</returns>
    /// <exception cref="TrainingException">A number is not finite, or a total is negative.</exception>
    public OrderedDictionary<string, MetricRatio>? Measure(string id, DecodedUtterance utterance)
    {
        if (IsDefault) return null;
        var measured = new OrderedDictionary<string, MetricRatio>();
        foreach ((string key, (IMetric metric, string name)) in metrics)
        {
            MetricRatio ratio = metric.Measure(utterance);
            if (!double.IsFinite(ratio.Amount) || !double.IsFinite(ratio.Total) || ratio.Total < 0)
            {
                string found = FormattableString.Invariant($"{ratio.Amount} of {ratio.Total}");
                throw new TrainingException(
                    $"The metric '{name}' gives {found} for the utterance {id}; expected finite numbers, the total 0 or more.");
            }

            measured.Add(key, ratio);
        }

        return measured;
    }

    /// <summary>Computes the values on a set.</summary>
    /// <param name="utterances">Each as <see cref="Measure"/> gave it.</param>
    /// <returns>In the order of the experiment; null for the default metrics.</returns>
    public OrderedDictionary<string, MetricValue>? Summarise(IReadOnlyList<UtteranceResult> utterances)
    {
        if (IsDefault) return null;
        var values = new OrderedDictionary<string, MetricValue>();
        foreach ((string key, (IMetric metric, string name)) in metrics)
        {
            MetricRatio sum = utterances.Aggregate(default(MetricRatio), (sum, utterance) => sum + utterance.Metrics![key]);
            values.Add(key, new MetricValue(name, metric.Unit, metric.HigherIsBetter, sum.Value));
        }

        return values;
    }

    private static string Key(string name) => name.Replace(' ', '_').Replace('-', '_');

    private static string Numbered(string text, int number, char separator) => number == 1 ? text : $"{text}{separator}{number}";
}
