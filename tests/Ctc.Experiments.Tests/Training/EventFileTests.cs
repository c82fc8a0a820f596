using System.Text;
using Ctc.Experiments.Tests.Runs;
using Ctc.Experiments.Training;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Training;

[Category("Slow")]
public class EventFileTests
{
    [Test]
    public void Every_metric_of_an_epoch_is_a_scalar_at_its_step()
    {
        using var folder = new TemporaryFolder();
        using var recorder = new Recorder();
        double before = (DateTime.UtcNow - DateTime.UnixEpoch).TotalSeconds;
        SmallExperiment.Run(folder.In("run"), recorder);

        EventRecord[] records = EventRecord.Read(folder.In("run", "tensorboard", "events.out.tfevents.ctc"));
        Assert.That(records[0].FileVersion, Is.EqualTo("brain.Event:2"));
        Assert.That(records.Skip(1).Select(record => record.Step), Is.EqualTo(new[] { 1, 2, 3 }));
        Assert.That(records.Select(record => record.WallTime), Is.Ordered);
        Assert.That(records.Select(record => record.WallTime), Is.All.InRange(before - 1, before + 600));
        foreach ((EpochMetrics epoch, EventRecord record) in recorder.Epochs.Zip(records.Skip(1)))
        {
            Assert.That(record.Scalars, Is.EqualTo(new Dictionary<string, float>
            {
                ["train_loss"] = (float)epoch.TrainLoss,
                ["dev_loss"] = (float)epoch.DevLoss,
                ["dev_token_error_rate"] = (float)epoch.DevTokenErrorRate,
                ["gradient_norm"] = (float)epoch.GradientNorm,
                ["infeasible"] = epoch.Infeasible,
                ["seconds"] = (float)epoch.Seconds,
                ["learning_rate"] = (float)epoch.LearningRate,
                ["blank_share"] = (float)epoch.BlankShare,
                ["posterior_entropy"] = (float)epoch.PosteriorEntropy,
                ["alignment_entropy"] = (float)epoch.AlignmentEntropy,
                ["symbol_delay"] = (float)epoch.SymbolDelay,
                ["loss_share"] = (float)epoch.LossShare,
                ["step_seconds"] = (float)epoch.StepSeconds,
                ["frames_per_token"] = (float)epoch.FramesPerToken,
            }));
        }
    }

    [Test]
    public void A_run_that_goes_on_holds_no_epoch_twice()
    {
        using var folder = new TemporaryFolder();
        using var cut = new Recorder(stopAfter: 13);
        using var rest = new Recorder();
        Assert.That(() => SmallExperiment.Run(folder.In("run"), cut), Throws.InstanceOf<OperationCanceledException>());
        string path = folder.In("run", "tensorboard", "events.out.tfevents.ctc");
        byte[] before = File.ReadAllBytes(path);

        // A crash after the record of the third epoch and before its checkpoint, and half of a fourth record.
        new EventFile(path).Append(new EpochMetrics(3, 77, 77, 77, 77, 77, 77));
        File.AppendAllBytes(path, before[^20..]);
        SmallExperiment.Run(folder.In("run"), rest);

        EventRecord[] records = EventRecord.Read(path);
        Assert.That(records.Select(record => record.Step), Is.EqualTo(new[] { 0, 1, 2, 3 }));
        Assert.That(records[3].Scalars["train_loss"], Is.EqualTo((float)rest.Epochs.Single().TrainLoss));
        Assert.That(File.ReadAllBytes(path)[..before.Length], Is.EqualTo(before), "what was there stays, with its times");
    }

    [Test]
    public void A_file_that_is_gone_or_no_such_file_is_written_anew([Values] bool gone)
    {
        using var folder = new TemporaryFolder();
        string path = folder.In("tensorboard", "events");
        EpochMetrics[] epochs = [.. Enumerable.Range(1, 3).Select(epoch => new EpochMetrics(epoch, epoch, 0, 0, 0, 0, 0))];
        if (!gone)
        {
            Directory.CreateDirectory(folder.In("tensorboard"));
            File.WriteAllText(path, "a shopping list that is longer than any header");
        }

        new EventFile(path).Resume(epochs);
        Assert.That(EventRecord.Read(path).Skip(1).Select(record => record.Scalars["train_loss"]), Is.EqualTo(new[] { 1, 2, 3 }));
    }

    [Test]
    public void What_is_not_known_has_no_scalar()
    {
        using var folder = new TemporaryFolder();
        var file = new EventFile(folder.In("events"));
        file.Append(new EpochMetrics(1, 2, double.NaN, 0, 0, 0, 0));
        Assert.That(
            EventRecord.Read(folder.In("events")).Single().Scalars.Keys,
            Is.EquivalentTo(new[] { "train_loss", "dev_token_error_rate", "gradient_norm", "infeasible", "seconds" }));
    }

    [Test]
    public void The_reader_of_these_tests_knows_the_checksum_by_its_check_value() =>
        Assert.That(EventRecord.Crc32C(Encoding.ASCII.GetBytes("123456789")), Is.EqualTo(0xE3069283));
}
