using Ctc.Experiments.Files;
using Ctc.Experiments.Runs;
using Ctc.Hosting;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Runs;

[Category("Slow")]
public class MoreEpochsTests
{
    private const string Steps = "train.schedule={\"steps\":{\"values\":[1,0.5],\"starts\":[1]}}";

    [Test]
    public void A_finished_run_goes_on_in_its_folder_to_the_numbers_of_the_longer_run()
    {
        using var folder = new TemporaryFolder();
        using Recorder whole = new(), first = new(), second = new(), third = new(), again = new();
        double loss = SmallExperiment.Run(folder.In("whole"), whole, $"train.epochs=4 {Steps}").Test.Loss;
        SmallExperiment.Run(folder.In("run"), first, $"train.epochs=1 {Steps}");
        SmallExperiment.Run(folder.In("run"), second, $"train.epochs=2 {Steps}");
        RunResult longer = SmallExperiment.Run(folder.In("run"), third, $"train.epochs=4 {Steps}");

        Assert.That(longer.Test.Loss, Is.EqualTo(loss));
        Assert.That(
            first.Epochs.Concat(second.Epochs).Concat(third.Epochs).Select(epoch => epoch.TrainLoss),
            Is.EqualTo(whole.Epochs.Select(epoch => epoch.TrainLoss)));
        Assert.That(third.Notes, Has.One.EqualTo($"Continues the run of 2 epochs in {folder.In("run")}, up to 4."));
        Assert.That(File.ReadAllLines(folder.In("run", "metrics.jsonl")), Has.Length.EqualTo(4));
        Assert.That(
            RunFolder.LoadRecord(folder.In("run")).Identity, Is.EqualTo(RunFolder.LoadRecord(folder.In("whole")).Identity));
        Assert.That(SmallExperiment.Run(folder.In("run"), again, $"train.epochs=4 {Steps}").AlreadyDone, Is.True);
        using TrainedModel model = TrainedModel.Load(folder.In("run"), SmallExperiment.Parts([]), Assert.Fail);
    }

    [Test]
    public void By_default_the_longer_run_has_a_folder_of_its_own_and_the_shorter_one_stays()
    {
        using var folder = new TemporaryFolder();
        using Recorder first = new(), second = new();
        RunResult Run(Recorder recorder, string overrides) =>
            new ExperimentRun(SmallExperiment.Bind(overrides), folder.Path) { WorkingFolder = folder.Path }.Execute(null, false, recorder, default);
        RunResult shorter = Run(first, "train.epochs=1"), longer = Run(second, "train.epochs=2");
        Assert.That(longer.Folder, Is.Not.EqualTo(shorter.Folder));
        Assert.That((first.Epochs.Count, second.Epochs.Count), Is.EqualTo((1, 1)), "the first epoch is trained once");
        Assert.That(RunResult.Load(shorter.Folder).Test.Loss, Is.EqualTo(shorter.Test.Loss));
    }

    [Test]
    public void A_longer_run_that_was_cut_off_goes_on()
    {
        using var folder = new TemporaryFolder();
        using Recorder whole = new(), first = new(), cut = new(stopAfter: 3), rest = new();
        double loss = SmallExperiment.Run(folder.In("whole"), whole, "train.epochs=2").Test.Loss;
        SmallExperiment.Run(folder.In("run"), first, "train.epochs=1");
        Assert.That(() => SmallExperiment.Run(folder.In("run"), cut, "train.epochs=2"), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(File.Exists(folder.In("run", "evaluation.json")), Is.False, "the result of one epoch is none of two");
        Assert.That(SmallExperiment.Run(folder.In("run"), rest, "train.epochs=2").Test.Loss, Is.EqualTo(loss));
    }

    [Test]
    public void Where_the_learning_rate_depends_on_the_number_of_epochs_the_folder_is_refused()
    {
        using var folder = new TemporaryFolder();
        using Recorder first = new(), second = new();
        SmallExperiment.Run(folder.In("run"), first, "train.epochs=1 train.schedule=cosine");
        Assert.That(
            () => SmallExperiment.Run(folder.In("run"), second, "train.epochs=2 train.schedule=cosine"),
            Throws.TypeOf<RunFolderException>().With.Message.EqualTo(
                $"{folder.In("run")} holds the same run of 1 epochs, whose schedule 'cosine' depends on their number; " +
                "expected another folder, in which all 2 epochs are trained."));
        Assert.That(
            () => SmallExperiment.Run(folder.In("run"), second, "train.epochs=2 train.schedule=cosine seed=2"),
            Throws.TypeOf<RunFolderException>().With.Message.Contains("holds another run"));
    }

    [Test]
    public void A_schedule_of_an_option_that_ends_with_training_refuses_the_folder_too()
    {
        using var folder = new TemporaryFolder();
        using Recorder first = new(), second = new();
        const string Scale = "objective.emissions=[{\"scheduled\":{\"scale\":{\"linear\":{\"from\":2,\"to\":1}}}}]";
        SmallExperiment.Run(folder.In("run"), first, $"train.epochs=1 {Scale}");
        Assert.That(
            () => SmallExperiment.Run(folder.In("run"), second, $"train.epochs=2 {Scale}"),
            Throws.TypeOf<RunFolderException>().With.Message.Contains("whose schedule 'linear' depends on their number"));
    }
}
