using Ctc.Experiments.Runs;
using Ctc.Experiments.Tests.Training;
using Ctc.Experiments.Training;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Runs;

[Category("Slow")]
public class MetricRunTests
{
    private const string Metrics = "metrics=[\"growing\",{\"word-error-rate\":{\"separator\":\"1\"}},\"token-error-rate\"]";

    [Test]
    public void The_first_metric_chooses_the_best_epoch_and_all_are_in_the_files_also_when_training_goes_on()
    {
        using var folder = new TemporaryFolder();
        using var cut = new Recorder(stopAfter: 13);
        using var rest = new Recorder();
        Assert.That(() => SmallExperiment.Run(folder.In("run"), cut, Metrics), Throws.InstanceOf<OperationCanceledException>());
        Measurement test = SmallExperiment.Run(folder.In("run"), rest, Metrics).Test;

        IReadOnlyList<EpochMetrics> epochs = EpochMetrics.LoadAll(folder.In("run", "metrics.jsonl"));
        EventRecord[] events = EventRecord.Read(folder.In("run", "tensorboard", "events.out.tfevents.ctc"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Checkpoint.Open(folder.In("run", "checkpoints", "best.ckpt"), [test.Identity!]).State.Epoch, Is.EqualTo(3));
            Assert.That(epochs.MinBy(epoch => (epoch.DevTokenErrorRate, epoch.DevLoss))!.Epoch, Is.LessThan(3), "else nothing is tested");
            Assert.That(test.Metrics!.Keys, Is.EqualTo(new[] { "number_of_calls", "word_error_rate", "token_error_rate" }));
            Assert.That(test.Metrics["token_error_rate"].Value, Is.EqualTo(test.TokenErrorRate));
            Assert.That(
                test.Metrics["number_of_calls"].Value,
                Is.EqualTo(test.Utterances.Average(utterance => utterance.Metrics!["number_of_calls"].Amount)).Within(1e-12));
            Assert.That(test.Utterances.Select(utterance => utterance.Metrics!.Count), Is.All.EqualTo(3));
            Assert.That(
                events.Skip(1).Select(record => record.Scalars["dev_metrics/number_of_calls"]),
                Is.EqualTo(epochs.Select(epoch => (float)epoch.Criterion.Value)));
            Assert.That(File.ReadAllText(folder.In("run", "log.txt")), Does.Contain($"dev number of calls {epochs[0].Criterion.Text}"));
        }

        RunResult shown = SmallExperiment.Run(folder.In("run"), rest, Metrics);
        Assert.That(shown.Test.Values, Is.EqualTo(test.Metrics));
    }

    [TestCase("loss", "loss", "nats")]
    [TestCase("boundary-error", "boundary_error_frames", "frames")]
    public void Another_value_of_the_dev_set_may_choose_and_is_then_before_the_metrics(string criterion, string key, string unit)
    {
        using var folder = new TemporaryFolder();
        using var recorder = new Recorder();
        Measurement test = SmallExperiment.Run(folder.In("run"), recorder, $"train.best-by={criterion} train.epochs=5 train.patience=1").Test;
        IReadOnlyList<EpochMetrics> epochs = EpochMetrics.LoadAll(folder.In("run", "metrics.jsonl"));
        int best = epochs.MinBy(epoch => (epoch.Criterion.Value, epoch.DevLoss))!.Epoch;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(epochs.Select(epoch => (epoch.DevMetrics!.GetAt(0).Key, epoch.Criterion.Unit)), Is.All.EqualTo((key, unit)));
            Assert.That(epochs, Has.Count.EqualTo(Math.Min(best + 1, 5)), "training ends an epoch after the best one");
            Assert.That(Checkpoint.Open(folder.In("run", "checkpoints", "best.ckpt"), [test.Identity!]).State.Epoch, Is.EqualTo(best));
            Assert.That(test.Values.Select(value => value.Key), Is.EqualTo(new[] { key, "token_error_rate", "exact_match_rate" }));
            Assert.That(test.Values[0].Value.Value, Is.EqualTo(criterion == "loss" ? test.Loss : test.BoundaryErrorFrames!.Median));
        }
    }

    [Test]
    public void Boundaries_that_are_not_known_choose_no_epoch()
    {
        using var folder = new TemporaryFolder();
        using var recorder = new Recorder();
        Assert.That(
            () => SmallExperiment.Run(folder.In("run"), recorder, "data={\"source\":\"crowded\"} train.best-by=boundary-error"),
            Throws.InstanceOf<InvalidDataException>().With.Message.EqualTo(
                "train.best-by is boundary-error, and the true positions of the dev set's tokens are not known; expected loss or metric."));
    }
}
