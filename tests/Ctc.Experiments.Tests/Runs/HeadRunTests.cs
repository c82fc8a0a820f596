using Ctc.Configuration.Yaml;
using Ctc.Engine.Objectives;
using Ctc.Experiments.Runs;
using Ctc.Experiments.Training;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Runs;

[Category("Slow")]
public class HeadRunTests
{
    private const string Middle = "model={\"encoder\":\"conv\",\"hidden\":12,\"layers\":3,\"middle\":1,\"self-conditioning\":true}";
    private const string Heads = Middle + " objective.weight=0.7 " +
        "objective.heads=[{\"middle\":{\"weight\":{\"linear\":{\"from\":0,\"to\":0.3,\"until\":2}},\"emissions\":[\"drifting\"]}}," +
        "{\"middle\":{\"weight\":0.1}}]";

    [Test]
    public void A_run_with_heads_that_was_cut_off_goes_on_to_the_same_numbers()
    {
        using var folder = new TemporaryFolder();
        using Recorder whole = new(), cut = new(stopAfter: 9), rest = new();
        RunResult result = SmallExperiment.Run(folder.In("whole"), whole, Heads);
        Assert.That(() => SmallExperiment.Run(folder.In("cut"), cut, Heads), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(SmallExperiment.Run(folder.In("cut"), rest, Heads).Test.Loss, Is.EqualTo(result.Test.Loss));

        EpochMetrics[] epochs = [.. cut.Epochs, .. rest.Epochs];
        Assert.That(epochs.Select(epoch => epoch.TrainLoss), Is.EqualTo(whole.Epochs.Select(epoch => epoch.TrainLoss)));
        Assert.That(epochs.Select(epoch => epoch.HeadLosses!.Keys), Is.All.EqualTo(new[] { "middle", "middle-2" }));
        Assert.That(epochs.SelectMany(epoch => epoch.HeadLosses!.Values), Is.EqualTo(whole.Epochs.SelectMany(epoch => epoch.HeadLosses!.Values)));
        Assert.That(EpochMetrics.LoadAll(folder.In("cut", "metrics.jsonl"))[2].HeadLosses, Is.EqualTo(whole.Epochs[2].HeadLosses));
        Assert.That(File.Exists(folder.In("whole", "alignment.png")), Is.True, string.Join('\n', whole.Notes));
    }

    [Test]
    public void The_loss_is_the_weighted_sum_and_the_loss_of_a_head_has_no_weight()
    {
        const string still = "train.epochs=1 train.learning-rate=1e-12 model.dropout=0";
        using var folder = new TemporaryFolder();
        EpochMetrics heads = Only(folder.In("heads"), $"{Heads} {still}"), plain = Only(folder.In("plain"), $"{Middle} {still}");
        double first = heads.HeadLosses!["middle"], second = heads.HeadLosses["middle-2"];
        double fixedWeights = (0.7 * plain.TrainLoss) + (0.1 * second);
        Assert.That(heads.TrainLoss, Is.InRange(fixedWeights - 1e-4, fixedWeights + (0.15 * first)));
        Assert.That(heads.DevLoss, Is.EqualTo(plain.DevLoss).Within(1e-6), "the dev set's loss is that of the logits");
        Assert.That(plain.HeadLosses, Is.Null);
    }

    [TestCase("objective.heads=[middle]",
        "the encoder bilstm has no such stream of logits; expected an encoder that has one, such as bilstm, conv or crnn with the option middle")]
    [TestCase(Middle + " objective.heads=[upper]", "the encoder conv has no such stream of logits; expected one of middle")]
    public void A_head_on_a_stream_that_is_not_there_is_refused_before_anything_is_written(string overrides, string sentence)
    {
        using var folder = new TemporaryFolder();
        using var recorder = new Recorder();
        Assert.That(
            () => SmallExperiment.Run(folder.In("run"), recorder, overrides),
            Throws.TypeOf<ConfigurationException>().With.Message.EndsWith(sentence));
        Assert.That(Directory.Exists(folder.In("run")), Is.False);
    }

    // Two frames are enough for two equal tokens without a blank, and too few with one between them.
    private const string Crowded = "data={\"source\":\"crowded\"} model={\"encoder\":\"conv\",\"hidden\":16,\"layers\":3,\"middle\":1} " +
        "objective.topology=no-blank objective.heads=[{\"middle\":{\"topology\":\"ctc\"}}]";

    [Test]
    public void Utterances_that_fit_no_head_are_counted_before_the_first_epoch_and_in_its_loss()
    {
        using var folder = new TemporaryFolder();
        using Recorder drop = new(), zero = new();
        const string still = "train.epochs=1 train.learning-rate=1e-12 train.batch-size=30";
        SmallExperiment.Run(folder.In("drop"), drop, $"{Crowded} {still} objective.infeasible=drop");
        SmallExperiment.Run(folder.In("zero"), zero, $"{Crowded} {still} objective.infeasible=zero");
        const string sentence = "15 of 30 training utterances have a loss of 0 in the head 'middle', because they cannot be aligned with their " +
            "targets: line-1 has 2 frames and needs 3; ";
        Assert.That(drop.Notes, Has.One.StartsWith(sentence));
        Assert.That(
            drop.Epochs[0].HeadLosses!["middle"], Is.EqualTo(2 * zero.Epochs[0].HeadLosses!["middle"]).Within(1e-4), "the mean over half of them");
        Assert.That(
            () => SmallExperiment.Run(folder.In("error"), drop, Crowded),
            Throws.TypeOf<InfeasibleException>()
                .With.Message.Contains("15 of 30 utterances cannot be aligned with their targets in the head 'middle'"));
        Assert.That(Directory.Exists(folder.In("error")), Is.False);
    }

    [Test]
    public void Tokens_that_a_topology_adds_are_scored_stored_and_read()
    {
        using var folder = new TemporaryFolder();
        using var recorder = new Recorder();
        SmallExperiment.Run(folder.In("run"), recorder, "objective.topology=crowned train.epochs=1");
        Assert.That(recorder.Notes, Has.Some.Contains("; 12 tokens; "), "ten digits, the blank and the crown");
        Checkpoint best = Checkpoint.Open(folder.In("run", "checkpoints", "best.ckpt"), [RunFolder.LoadRecord(folder.In("run")).Identity]);
        AddedToken added = best.State.Vocabulary.Added.Single();
        Assert.That((added.Name, added.Spelling, best.State.Vocabulary.Size), Is.EqualTo(("crown", new[] { 1L, 1L }, 12L)));
        Assert.That(
            () => SmallExperiment.Run(folder.In("head"), recorder, $"{Middle} objective.heads=[{{\"middle\":{{\"topology\":\"crowned\"}}}}]"),
            Throws.TypeOf<ConfigurationException>().With.Message.Contains("the topology 'crowned' of the head middle adds tokens"));
    }

    private static EpochMetrics Only(string folder, string overrides)
    {
        using var recorder = new Recorder();
        SmallExperiment.Run(folder, recorder, overrides);
        return recorder.Epochs.Single();
    }
}
