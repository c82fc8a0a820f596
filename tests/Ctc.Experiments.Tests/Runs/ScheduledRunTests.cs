using Ctc.Tests;

namespace Ctc.Experiments.Tests.Runs;

[Category("Slow")]
public class ScheduledRunTests
{
    // Three epochs of six steps.
    private const string Part = "objective.emissions=[{\"scheduled\":{\"scale\":{\"linear\":{\"from\":1,\"to\":2,\"until\":2}}}}]";

    [Test]
    public void A_part_sees_the_value_of_each_step_and_measuring_that_of_the_model()
    {
        using var folder = new TemporaryFolder();
        using var recorder = new Recorder();
        SmallExperiment.Seen.Clear();
        SmallExperiment.Run(folder.In("run"), recorder, Part);

        (Progress Progress, double Value)[] training = [.. SmallExperiment.Seen.Where(seen => seen.Progress.Training)];
        Assert.That(training.Select(seen => seen.Progress.Step), Is.EqualTo(Enumerable.Range(0, 18)));
        Assert.That(training.Select(seen => seen.Progress.Epoch), Is.EqualTo(Enumerable.Range(0, 18).Select(step => step / 6.0)).Within(1e-15));
        Assert.That(
            training.Select(seen => seen.Value), Is.EqualTo(Enumerable.Range(0, 18).Select(step => Math.Min(2, 1 + (step / 12.0)))).Within(1e-15));

        // The dev set after each epoch; then, with the best epoch, the test set, the confidences of what was read there, and its picture.
        double best = recorder.Epochs.MinBy(epoch => (epoch.DevTokenErrorRate, epoch.DevLoss))!.Epoch;
        Progress[] measuring = [.. SmallExperiment.Seen.Where(seen => !seen.Progress.Training).Select(seen => seen.Progress)];
        Assert.That(measuring.Select(progress => progress.Epoch), Is.EqualTo(new[] { 1, 2, 3, best, best, best }));
        Assert.That(measuring.Select(progress => progress.Step), Is.EqualTo(new[] { 6, 12, 18, 6 * best, 6 * best, 6 * best }));
    }

    [TestCase("cosine")]
    [TestCase("plateau")]
    public void Each_step_has_its_learning_rate(string schedule)
    {
        using var folder = new TemporaryFolder();
        using var recorder = new Recorder();
        SmallExperiment.Run(folder.In("run"), recorder, $"train.schedule={schedule}");
        double[] last = schedule == "cosine"
            ? [.. new[] { 5, 11, 17 }.Select(step => 0.005 * (1 + Math.Cos(Math.PI * step / 18)))]
            : [0.01, 0.01, 0.01]; // three epochs are too few for a plateau
        Assert.That(recorder.Epochs.Select(epoch => epoch.LearningRate), Is.EqualTo(last).Within(1e-15));
    }

    [Test]
    public void The_learning_rate_reaches_the_optimizer([Values("adam", "adamw", "sgd", "rmsprop")] string optimizer)
    {
        using var folder = new TemporaryFolder();
        using var recorder = new Recorder();
        const string Schedule = "{\"steps\":{\"values\":[1,1e-300],\"starts\":[1]}}";
        SmallExperiment.Run(folder.In("run"), recorder, $"train.optimizer={optimizer} train.schedule={Schedule}");
        Assert.That(recorder.Epochs[1].DevLoss, Is.EqualTo(recorder.Epochs[0].DevLoss), "nothing moves after the first epoch");
        Assert.That(recorder.Epochs[2].DevLoss, Is.EqualTo(recorder.Epochs[0].DevLoss));
    }

    [Test]
    public void A_plateau_is_known_again_when_training_goes_on()
    {
        using var folder = new TemporaryFolder();
        using var cut = new Recorder(stopAfter: 13);
        using var rest = new Recorder();
        const string Stuck = "train.schedule={\"plateau\":{\"patience\":0}} train.learning-rate=1e-300";
        Assert.That(() => SmallExperiment.Run(folder.In("run"), cut, Stuck), Throws.InstanceOf<OperationCanceledException>());
        SmallExperiment.Run(folder.In("run"), rest, Stuck);
        Assert.That(cut.Epochs.Concat(rest.Epochs).Select(epoch => epoch.LearningRate), Is.EqualTo(new[] { 1e-300, 1e-300, 5e-301 }));
    }

    [Test]
    public void Training_ends_when_patience_does_and_so_does_one_that_goes_on()
    {
        using var folder = new TemporaryFolder();
        using var whole = new Recorder();
        using var cut = new Recorder(stopAfter: 13);
        using var rest = new Recorder();
        const string Stuck = "train.epochs=9 train.patience=2 train.learning-rate=1e-300";
        SmallExperiment.Run(folder.In("whole"), whole, Stuck);

        Assert.That(whole.Epochs, Has.Count.EqualTo(3));
        Assert.That(whole.Notes, Has.One.EqualTo("Ended after epoch 3 of 9: the dev set was best after epoch 1."));
        Assert.That(() => SmallExperiment.Run(folder.In("cut"), cut, Stuck), Throws.InstanceOf<OperationCanceledException>());
        SmallExperiment.Run(folder.In("cut"), rest, Stuck);
        Assert.That(cut.Epochs.Concat(rest.Epochs).Select(epoch => epoch.DevLoss), Is.EqualTo(whole.Epochs.Select(epoch => epoch.DevLoss)));
    }
}
