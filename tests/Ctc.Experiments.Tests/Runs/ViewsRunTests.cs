using Ctc.Configuration.Identity;
using Ctc.Configuration.Yaml;
using Ctc.Experiments.Training;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Runs;

[Category("Slow")]
public class ViewsRunTests
{
    private const string Still = "train.epochs=1 train.learning-rate=1e-12 model.dropout=0";

    private const string Augmented = "train.views=2 train.augment=[masks,{\"noise\":{\"deviation\":0.2}},elastic,scale] objective.infeasible=drop";

    [Test]
    public void An_augmented_run_with_two_views_that_was_cut_off_goes_on_to_the_same_numbers()
    {
        using var folder = new TemporaryFolder();
        using Recorder whole = new(), cut = new(stopAfter: 9), rest = new();
        double loss = SmallExperiment.Run(folder.In("whole"), whole, Augmented).Test.Loss;
        Assert.That(() => SmallExperiment.Run(folder.In("cut"), cut, Augmented), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(SmallExperiment.Run(folder.In("cut"), rest, Augmented).Test.Loss, Is.EqualTo(loss));
        Assert.That(cut.Epochs.Concat(rest.Epochs).Select(epoch => epoch.TrainLoss), Is.EqualTo(whole.Epochs.Select(epoch => epoch.TrainLoss)));
    }

    [Test]
    public void The_loss_is_the_mean_over_both_views_and_dev_set_and_test_set_are_not_augmented()
    {
        using var folder = new TemporaryFolder();
        EpochMetrics plain = Only(folder.In("plain"), Still), twice = Only(folder.In("twice"), $"{Still} train.views=2"),
            noisy = Only(folder.In("noisy"), $"{Still} train.augment=[noise]");
        Assert.That(twice.TrainLoss, Is.EqualTo(plain.TrainLoss).Within(1e-5), "two equal views");
        Assert.That(noisy.TrainLoss, Is.Not.EqualTo(plain.TrainLoss).Within(1e-5));
        Assert.That(noisy.DevLoss, Is.EqualTo(plain.DevLoss).Within(1e-6));
    }

    [Test]
    public void A_part_sees_ids_groups_views_and_seed_and_may_compare_the_views()
    {
        using var folder = new TemporaryFolder();
        using var recorder = new Recorder();
        SmallExperiment.Batches.Clear();
        SmallExperiment.Run(folder.In("run"), recorder, "train.views=2 train.epochs=1 seed=5 objective.auxiliary=[comparing]");
        Batch first = SmallExperiment.Batches.First(batch => batch.Progress.Training);
        Assert.That((first.Size, first.Views, first.Seed), Is.EqualTo((8, 2, 5)));
        Assert.That(first.Ids.Take(4), Is.EqualTo(first.Ids.Skip(4)).And.Unique);
        Assert.That(first.Random(0, "x").Next(), Is.Not.EqualTo(first.Random(4, "x").Next()), "each view has its own numbers");
    }

    [Test]
    public void A_part_that_compares_views_is_refused_where_there_is_one() => Assert.That(
        () => SmallExperiment.Bind("objective.auxiliary=[comparing]"),
        Throws.TypeOf<ConfigurationException>().With.Message.EqualTo(
            "override 'objective.auxiliary=[comparing]': 'comparing' compares two views of each utterance, and train.views is 1; expected train.views: 2"));

    [TestCase("train.views=1", true)]
    [TestCase("train.augment=[]", true)]
    [TestCase("train.views=2", false)]
    [TestCase("train.augment=[noise]", false)]
    public void What_is_off_is_left_out_of_the_identity(string overrides, bool same) => Assert.That(
        RunIdentity.Compute(SmallExperiment.Bind(overrides), "6") == RunIdentity.Compute(SmallExperiment.Bind(), "6"), Is.EqualTo(same));

    private static EpochMetrics Only(string folder, string overrides)
    {
        using var recorder = new Recorder();
        SmallExperiment.Run(folder, recorder, overrides);
        return recorder.Epochs.Single();
    }
}
