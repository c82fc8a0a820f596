using System.Text.Json;
using Ctc.Engine.Metrics;
using Ctc.Experiments.Files;
using Ctc.Experiments.Training;

namespace Ctc.Experiments.Tests.Training;

public class ChosenMetricsTests
{
    private static readonly Alphabet Letters = new(["a", "b", " "]);

    [Test]
    public void The_default_metrics_have_keys_of_their_own_only()
    {
        UtteranceResult[] results = [Measure(ChosenMetrics.Default, [1, 2], [1])];
        Assert.That(results[0].Metrics, Is.Null);
        Assert.That(ChosenMetrics.Default.Summarise(results), Is.Null);
        Assert.That(JsonSerializer.Serialize(Measurement.FromUtterances(results), RunJson.Line), Does.Not.Contain("metrics"));
    }

    [Test]
    public void The_value_of_a_set_is_the_sum_of_amounts_over_the_sum_of_totals_in_the_order_of_the_experiment()
    {
        var metrics = new ChosenMetrics([new WordErrorRate(new()), new TokenErrorRate(), new Length()]);
        UtteranceResult[] results = [Measure(metrics, [1, 3, 2], [1, 3, 1]), Measure(metrics, [1], [1, 2])];
        OrderedDictionary<string, MetricValue> values = metrics.Summarise(results)!;
        Assert.That(values.Keys, Is.EqualTo(new[] { "word_error_rate", "token_error_rate", "words_of_length" }));
        Assert.That(values.Values.Select(value => value.Value), Is.EqualTo(new[] { 2.0 / 3, 2.0 / 4, 2.5 }));
        Assert.That(values["words_of_length"], Is.EqualTo(new MetricValue("words of length", "tokens", HigherIsBetter: true, 2.5)));
    }

    [Test]
    public void Results_with_metrics_survive_writing_and_reading()
    {
        var metrics = new ChosenMetrics([new Length(), new WordErrorRate(new())]);
        UtteranceResult[] results = [Measure(metrics, [1, 3, 2], [1, 3, 1])];
        Measurement written = Measurement.FromUtterances(results) with { Metrics = metrics.Summarise(results) };
        var read = RunJson.Parse<Measurement>(JsonSerializer.Serialize(written, RunJson.Page), "here", "a result");
        Assert.That(read.Values, Is.EqualTo(written.Metrics));
        Assert.That(read.Utterances[0].Metrics, Is.EqualTo(results[0].Metrics));
    }

    [Test]
    public void A_result_of_an_older_version_has_the_values_of_the_default_metrics()
    {
        Measurement measured = Measurement.FromUtterances([Measure(ChosenMetrics.Default, [1, 2], [1]), Measure(ChosenMetrics.Default, [1], [1])]);
        Assert.That(measured.Values.Select(value => value.Key), Is.EqualTo(new[] { "token_error_rate", "exact_match_rate" }));
        Assert.That(measured.Values.Select(value => value.Value.Text), Is.EqualTo(new[] { "33.33 %", "50.00 %" }));
    }

    [Test]
    public void Metrics_of_one_key_are_numbered_and_none_takes_the_key_of_another_number()
    {
        IMetric[] chosen = [new Called("loss"), new ExactMatch(), new ExactMatch(), new Called("token error rate"), new TokenErrorRate()];
        var metrics = new ChosenMetrics(chosen);
        OrderedDictionary<string, MetricValue> values = metrics.Summarise([Measure(metrics, [1], [1])])!;
        Assert.That(
            values.Keys, Is.EqualTo(new[] { "loss_2", "exact_match_rate", "exact_match_rate_2", "token_error_rate_2", "token_error_rate" }));
        Assert.That(values["loss_2"].Name, Is.EqualTo("loss 2"));
    }

    [TestCase(double.NaN, 1)]
    [TestCase(1, double.PositiveInfinity)]
    [TestCase(1, -1)]
    public void A_number_that_is_none_names_the_metric_and_the_utterance(double amount, double total) => Assert.That(
        () => Measure(new ChosenMetrics([new Called("odd") { Ratio = new MetricRatio(amount, total) }]), [1], [1]),
        Throws.InstanceOf<TrainingException>().With.Message.EqualTo(FormattableString.Invariant(
            $"The metric 'odd' gives {amount} of {total} for the utterance line; expected finite numbers, the total 0 or more.")));

    [Test]
    public void The_first_metric_ranks_the_epochs_in_its_direction_and_the_loss_decides_between_equals()
    {
        EpochMetrics[] epochs = [Epoch(1, 0.5, 3), Epoch(2, 0.7, 2), Epoch(3, 0.7, 1), Epoch(4, 0.6, 0)];
        Assert.That(epochs.MinBy(epoch => epoch.Result)!.Epoch, Is.EqualTo(3));
        Assert.That(epochs[2].Criterion.Text, Is.EqualTo("0.70 points"));
        Assert.That(epochs.Select(epoch => epoch with { DevMetrics = null }).MinBy(epoch => epoch.Result)!.Epoch, Is.EqualTo(1), "fewest errors");

        static EpochMetrics Epoch(int number, double value, double loss) => new(number, 0, loss, number, 0, 0, 0)
        {
            DevMetrics = new() { ["a"] = new MetricValue("a", "points", HigherIsBetter: true, value) },
        };
    }

    private static UtteranceResult Measure(ChosenMetrics metrics, long[] reference, long[] hypothesis) => new(
        "line",
        [.. reference.Select(token => Letters[token])],
        [.. hypothesis.Select(token => Letters[token])],
        EditDistance.Between<long>(reference, hypothesis),
        reference.Length,
        1)
    {
        Metrics = metrics.Measure("line", new DecodedUtterance(reference, hypothesis, Letters)),
    };

    /// <summary>The tokens read in an utterance.</summary>
    [Part("words-of-length", Summary = "For tests.")]
    private sealed class Length : IMetric
    {
        public string Unit => "tokens";

        public bool HigherIsBetter => true;

        public MetricRatio Measure(DecodedUtterance utterance) => new(utterance.Hypothesis.Length, 1);
    }

    /// <summary>A metric of any name.</summary>
    [Part("called", Summary = "For tests.")]
    private sealed class Called(string name) : IMetric
    {
        public string Name => name;

        public MetricRatio Ratio { get; init; } = new(0, 1);

        public MetricRatio Measure(DecodedUtterance utterance) => Ratio;
    }
}
