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
}
