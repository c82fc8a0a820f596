using System.Text.Json.Nodes;
using Ctc.Configuration.Schema;
using Ctc.Engine.Objectives;
using Ctc.Experiments.Alignments;
using Ctc.Experiments.Files;
using Ctc.Experiments.Runs;
using Ctc.Experiments.Training;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Runs;

[Category("Slow")]
public sealed class ExperimentRunTests : IDisposable
{
    private readonly TemporaryFolder wholeRuns = new();
    private readonly Dictionary<string, string> folderOfWholeRun = [];

    public void Dispose() => wholeRuns.Dispose();

    [Test]
    public void Leaves_a_folder_that_explains_itself()
    {
        using var folder = new TemporaryFolder();
        using var recorder = new Recorder();
        RunResult result = SmallExperiment.Run(folder.In("run"), recorder);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                Directory.EnumerateFiles(result.Folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(result.Folder, file)),
                Is.SupersetOf(
                    new[] { "run.json", "metrics.jsonl", "evaluation.json", "log.txt", "alignment.png", "training.png",
                        Path.Combine("tensorboard", "events.out.tfevents.ctc"), Path.Combine("checkpoints", "best.ckpt"),
                        Path.Combine("checkpoints", "last.ckpt") }));
            Assert.That(Directory.EnumerateFiles(result.Folder, "*.new", SearchOption.AllDirectories), Is.Empty);
            Assert.That(File.ReadAllLines(folder.In("run", "metrics.jsonl")), Has.Length.EqualTo(3));
            Assert.That(recorder.Steps, Is.EqualTo(18));
            Assert.That(recorder.Epochs.Select(epoch => epoch.LossShare), Is.All.InRange(0.001, 0.999));
            Assert.That(recorder.Epochs.Select(epoch => epoch.StepSeconds * 6 / epoch.Seconds), Is.All.InRange(0.001, 0.999), "6 steps an epoch");
            Assert.That(recorder.Epochs.Select(epoch => epoch.BlankShare), Is.All.InRange(0, 1));
            Assert.That(recorder.Epochs.Select(epoch => epoch.PosteriorEntropy), Is.All.InRange(0, Math.Log(11)));
            Assert.That(recorder.Epochs.Select(epoch => epoch.SymbolDelay), Has.None.NaN);
            Assert.That(
                BoundaryError.FromDifferences(result.Test.Utterances.SelectMany(utterance => utterance.BoundaryErrors!)),
                Is.EqualTo(result.Test.BoundaryErrorFrames));
            Assert.That(result.Test.Utterances, Has.Count.EqualTo(8));
            Assert.That(recorder.Examples, Has.Count.EqualTo(3));
            string[][] shown = [.. recorder.Examples.Select(lines => lines.Select(line => line.Id).ToArray())];
            Assert.That(shown, Is.All.EqualTo(shown[0]));
            Assert.That(File.ReadAllText(folder.In("run", "log.txt")), Does.Contain($"Z {recorder.Examples[2][1].Describe()}\n"));
            Assert.That(RunFolder.LoadRecord(result.Folder).Identity, Has.Length.EqualTo(64));
        }
    }

    [Test]
    public void The_same_run_twice_gives_the_same_bits()
    {
        using var folder = new TemporaryFolder();
        using var recorder = new Recorder();
        SmallExperiment.Run(folder.In("one"), recorder);
        SmallExperiment.Run(folder.In("two"), recorder);
        AssertSameNumbers(folder.In("one"), folder.In("two"));
    }

    [Test]
    public void Another_seed_gives_other_numbers()
    {
        using var folder = new TemporaryFolder();
        using var recorder = new Recorder();
        double one = SmallExperiment.Run(folder.In("one"), recorder).Test.Loss;
        Assert.That(SmallExperiment.Run(folder.In("two"), recorder, "seed=2").Test.Loss, Is.Not.EqualTo(one));
    }

    [TestCase(1, "")]
    [TestCase(6, "")]
    [TestCase(9, "")]
    [TestCase(17, "")]
    [TestCase(9, "train.schedule=cosine train.warm-up=0.7")]
    [TestCase(13, "objective.emissions=[{\"scheduled\":{\"scale\":{\"exponential\":{\"from\":1,\"to\":2,\"half-life\":\"1\\u0020epoch\"}}}}]")]
    public void A_run_that_was_cut_off_goes_on_to_the_same_numbers(int steps, string further)
    {
        using var folder = new TemporaryFolder();
        using var cut = new Recorder(stopAfter: steps);
        using var rest = new Recorder();
        string withChance = $"model.dropout=0.3 train.optimizer=adam objective.emissions=[drifting] {further}";
        string whole = WholeRun(withChance);

        Assert.That(() => SmallExperiment.Run(folder.In("cut"), cut, withChance), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(File.Exists(folder.In("cut", "evaluation.json")), Is.False);
        SmallExperiment.Run(folder.In("cut"), rest, withChance);

        Assert.That(rest.Steps, Is.EqualTo(18 - (steps / 6 * 6)), "only what was missing is trained");
        AssertSameNumbers(whole, folder.In("cut"));
    }

    [Test]
    public void What_a_crash_left_behind_the_last_checkpoint_is_cut_back()
    {
        using var folder = new TemporaryFolder();
        using var cut = new Recorder(stopAfter: 13);
        string whole = WholeRun("");
        Assert.That(() => SmallExperiment.Run(folder.In("cut"), cut), Throws.InstanceOf<OperationCanceledException>());
        File.WriteAllText(folder.In("cut", "metrics.jsonl"), "{\"epoch\":3,\"train_lo");
        File.WriteAllText(folder.In("cut", "checkpoints", "last.ckpt.new"), "half a checkpoint");

        using var rest = new Recorder();
        SmallExperiment.Run(folder.In("cut"), rest);
        AssertSameNumbers(whole, folder.In("cut"));
    }

    [Test]
    public void A_finished_run_is_not_trained_again_unless_it_is_asked_for()
    {
        using var folder = new TemporaryFolder();
        using var first = new Recorder();
        using var second = new Recorder();
        using var third = new Recorder();
        double loss = SmallExperiment.Run(folder.In("run"), first).Test.Loss;
        RunResult again = SmallExperiment.Run(folder.In("run"), second);
        RunResult fresh = SmallExperiment.Run(folder.In("run"), third, fresh: true);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((again.AlreadyDone, second.Steps), Is.EqualTo((true, 0)));
            Assert.That(again.Test.Loss, Is.EqualTo(loss));
            Assert.That((fresh.AlreadyDone, third.Steps), Is.EqualTo((false, 18)));
            Assert.That(fresh.Test.Loss, Is.EqualTo(loss));
        }
    }

    [Test]
    public void A_finished_run_is_shown_without_a_write()
    {
        using var recorder = new Recorder();
        string run = WholeRun("");
        File.Delete(Path.Combine(run, "lock"));
        RunResult shown = SmallExperiment.Run(run, recorder);

        Assert.That((shown.AlreadyDone, shown.Test.Loss), Is.EqualTo((true, RunResult.Load(run).Test.Loss)));
        Assert.That(File.Exists(Path.Combine(run, "lock")), Is.False, "a run in a read-only folder is shown too");
    }

    [Test]
    public void A_run_has_its_result_where_its_pictures_log_and_events_cannot_be_written()
    {
        using var folder = new TemporaryFolder();
        using var cut = new Recorder(stopAfter: 7);
        using var rest = new Recorder();
        string whole = WholeRun("");
        Assert.That(() => SmallExperiment.Run(folder.In("run"), cut), Throws.InstanceOf<OperationCanceledException>());
        File.Delete(folder.In("run", "log.txt"));
        Directory.Delete(folder.In("run", "tensorboard"), recursive: true);
        Directory.CreateDirectory(folder.In("run", "log.txt"));
        Directory.CreateDirectory(folder.In("run", "training.png"));
        File.WriteAllText(folder.In("run", "tensorboard"), "");
        SmallExperiment.Run(folder.In("run"), rest);

        AssertSameNumbers(whole, folder.In("run"));
        Assert.That(
            rest.Notes.Select(note => note[..(note.IndexOf(':', StringComparison.Ordinal) + 1)]).Where(start => start.Length > 0),
            Is.EqualTo(new[] { "The log could not be written:", "The metrics for TensorBoard could not be written:", "The pictures could not be drawn:" }));
        Assert.That(Directory.EnumerateFiles(folder.In("run"), "*.new", SearchOption.AllDirectories), Is.Empty);
    }

    [Test]
    public void The_folder_of_a_run_starts_where_the_command_did()
    {
        using var folder = new TemporaryFolder();
        using var recorder = new Recorder();
        string run = WholeRun("");
        ExperimentRun elsewhere = new(SmallExperiment.Bind(), folder.Path) { WorkingFolder = Path.GetDirectoryName(run)! };
        Assert.That(elsewhere.Execute(Path.GetFileName(run), false, recorder, default).Folder, Is.EqualTo(run));
    }

    [Test]
    public void Targets_that_do_not_fit_are_named_before_anything_is_written()
    {
        using var folder = new TemporaryFolder();
        using var recorder = new Recorder();
        Assert.That(
            () => new ExperimentRun(Crowded(), folder.Path).Execute(folder.In("run"), false, recorder, default),
            Throws.TypeOf<InfeasibleException>().With.Message.StartsWith(
                "15 of 30 utterances cannot be aligned with their targets: line-1 has 2 frames and needs 3; "));
        Assert.That(Directory.Exists(folder.In("run")), Is.False);

        RunResult dropped = new ExperimentRun(Crowded("objective.infeasible=drop"), folder.Path).Execute(folder.In("run"), false, recorder, default);
        Assert.That(dropped.Test.Infeasible, Has.Count.EqualTo(15));
        Assert.That(dropped.Test.Loss, Is.Positive);
    }

    [TestCase("drop", "15 of 30 training utterances are left out of training, ")]
    [TestCase("zero", "15 of 30 training utterances count with a loss of 0 in training, and teach nothing, ")]
    public void Utterances_that_teach_nothing_are_counted_and_named_before_the_first_epoch(string policy, string start)
    {
        using var folder = new TemporaryFolder();
        using var recorder = new Recorder(stopAfter: 1);
        Experiment crowded = Crowded($"objective.infeasible={policy}");
        Assert.That(
            () => new ExperimentRun(crowded, folder.Path).Execute(folder.In("run"), false, recorder, recorder.Token),
            Throws.InstanceOf<OperationCanceledException>());
        string sentence =
            $"{start}because they cannot be aligned with their targets: line-1 has 2 frames and needs 3; line-3 has 2 frames and needs 3; " +
            "line-5 has 2 frames and needs 3; line-7 has 2 frames and needs 3; line-9 has 2 frames and needs 3; and 10 more.";
        Assert.That(recorder.Notes, Has.One.EqualTo(sentence));
        Assert.That(File.ReadAllText(folder.In("run", "log.txt")), Does.Contain(sentence));
    }

    [TestCase("drop")]
    [TestCase("zero")]
    public void A_training_set_of_which_nothing_is_left_is_refused(string policy)
    {
        using var folder = new TemporaryFolder();
        using var recorder = new Recorder();
        Experiment stretched = Crowded($"model.encoder=conv model.stride=4 objective.infeasible={policy}");
        Assert.That(
            () => new ExperimentRun(stretched, folder.Path).Execute(folder.In("run"), false, recorder, default),
            Throws.TypeOf<InvalidDataException>().With.Message.StartsWith(
                "None of the 30 training utterances can be aligned with its target: line-0 has 2 frames and needs 3; ")
            .And.Message.EndsWith("; and 25 more; expected at least one to learn from."));
        Assert.That(Directory.Exists(folder.In("run")), Is.False);
    }

    [Test]
    public void The_training_loss_under_drop_does_not_depend_on_how_the_batches_fall()
    {
        using var folder = new TemporaryFolder();
        double[] losses = [.. new[] { 1, 4, 30 }.Select(size =>
        {
            using var recorder = new Recorder();
            string overrides = $"objective.infeasible=drop train.batch-size={size} train.epochs=1 train.learning-rate=1e-12 model.dropout=0";
            new ExperimentRun(Crowded(overrides), folder.Path).Execute(folder.In($"{size}"), false, recorder, default);
            return recorder.Epochs.Single().TrainLoss;
        })];
        Assert.That(losses, Is.All.EqualTo(losses[0]).Within(1e-5).And.All.GreaterThan(0.5));
    }

    [Test]
    public void Dev_and_test_loss_and_the_best_epoch_are_those_of_the_model_under_every_transform()
    {
        using var folder = new TemporaryFolder();
        const string still = "train.epochs=1 train.learning-rate=1e-12";
        (double Dev, double Test)[] losses = [.. new[] { "", "objective.emissions=[{\"scheduled\":{\"scale\":0.3}}]" }.Select((objective, i) =>
        {
            using var recorder = new Recorder();
            RunResult result = SmallExperiment.Run(folder.In($"{i}"), recorder, $"{still} {objective}");
            return (recorder.Epochs.Single().DevLoss, result.Test.Loss);
        })];
        Assert.That(losses[1].Dev, Is.EqualTo(losses[0].Dev).Within(1e-6));
        Assert.That(losses[1].Test, Is.EqualTo(losses[0].Test).Within(1e-6));
    }

    [Test]
    public void A_loss_that_is_no_number_ends_the_run_with_a_sentence()
    {
        using var folder = new TemporaryFolder();
        using var recorder = new Recorder();
        Assert.That(
            () => SmallExperiment.Run(folder.In("run"), recorder, "train.learning-rate=1e38 train.optimizer=sgd train.clip-norm=0"),
            Throws.TypeOf<TrainingException>().With.Message.Matches(@"^The loss of step \d+, in epoch 1, is .*; expected a finite number\."));
        Assert.That(File.Exists(folder.In("run", "evaluation.json")), Is.False);
    }

    [Test]
    public void A_model_that_diverges_in_its_last_step_is_no_result()
    {
        using var folder = new TemporaryFolder();
        using var recorder = new Recorder();
        Assert.That(
            () => SmallExperiment.Run(folder.In("run"), recorder, "train.learning-rate=1e30 train.epochs=1 train.batch-size=24"),
            Throws.TypeOf<TrainingException>().With.Message.Matches("^The loss of the dev set after epoch 1 is .*; expected a finite number"));
        Assert.That(File.Exists(folder.In("run", "checkpoints", "best.ckpt")), Is.False);
    }

    [TestCase("objective.emissions=[greedy]",
        "The gradient of the objective of the parts 'ctc', 'greedy' failed: ",
        " Expected parts that keep the graph of their values and call no backward of their own.")]
    [TestCase("model={\"encoder\":\"spoiling\"}",
        "The gradient of the encoder 'spoiling' failed: ",
        " Expected an encoder that keeps the graph of its values and changes none of them in place.")]
    public void A_gradient_that_libtorch_refuses_names_the_parts_that_it_is_of(string overrides, string start, string end)
    {
        using var folder = new TemporaryFolder();
        using var recorder = new Recorder();
        Assert.That(
            () => SmallExperiment.Run(folder.In("run"), recorder, overrides),
            Throws.TypeOf<TrainingException>().With.Message.StartsWith(start).And.Message.EndsWith(end));
    }

    [Test]
    public void A_checkpoint_of_another_run_is_refused()
    {
        using var folder = new TemporaryFolder();
        using var first = new Recorder();
        using var second = new Recorder();
        SmallExperiment.Run(folder.In("run"), first);
        foreach (string file in Directory.GetFiles(folder.In("run"))) File.Delete(file);
        foreach (string name in new[] { "samples", "tensorboard", "worst-lines" }) Directory.Delete(folder.In("run", name), recursive: true);
        Assert.That(
            () => SmallExperiment.Run(folder.In("run"), second, "seed=77"),
            Throws.TypeOf<RunFolderException>().With.Message.Contains("last.ckpt is of another run"));
    }

    [Test]
    public void A_trained_model_reads_without_its_data_and_its_objective()
    {
        using var folder = new TemporaryFolder();
        using var recorder = new Recorder();
        RunResult result = SmallExperiment.Run(folder.In("run"), recorder);
        string record = File.ReadAllText(folder.In("run", "run.json"));
        File.WriteAllText(
            folder.In("run", "run.json"),
            record.Replace("digits.csv.gz", "moved-away.csv.gz").Replace("\"weighting\": []", "\"weighting\": [ \"gone\" ]"));

        using TrainedModel model = TrainedModel.Load(folder.In("run"), SmallExperiment.Parts([]), Assert.Fail);
        string read = model.Decode(folder.In("run", "samples", "test-0.png"));
        Assert.That(read, Is.EqualTo(string.Concat(result.Test.Utterances[0].Hypothesis)));
    }

    [Test]
    public void Every_optimizer_learns([Values("adam", "adamw", "sgd", "rmsprop")] string optimizer)
    {
        using var folder = new TemporaryFolder();
        using var recorder = new Recorder();
        SmallExperiment.Run(folder.In("run"), recorder, $"train.optimizer={optimizer} train.learning-rate=3e-3");
        Assert.That(recorder.Epochs[^1].TrainLoss, Is.LessThan(recorder.Epochs[0].TrainLoss));
    }

    [TestCase("model.encoder=bilstm")]
    [TestCase("model.encoder=conv")]
    [TestCase("model.encoder=conv model.stride=2 model.layers=2 model.kernel=5 model.hidden=32 model.dropout=0")]
    public void Every_encoder_learns_and_its_alignment_is_drawn(string model)
    {
        using var folder = new TemporaryFolder();
        using var recorder = new Recorder();
        RunResult result = SmallExperiment.Run(folder.In("run"), recorder, $"{model} objective.infeasible=drop");
        Assert.That(recorder.Epochs[^1].TrainLoss, Is.LessThan(0.8 * recorder.Epochs[0].TrainLoss));
        Assert.That(File.Exists(folder.In("run", "alignment.png")), Is.True, string.Join('\n', recorder.Notes));
        Assert.That(double.IsFinite(result.Test.Loss), Is.True);
    }

    private static Experiment Crowded(string overrides = "") => SmallExperiment.Bind($"data.source=crowded {overrides}");

    /// <summary>The folder of a run that was not interrupted, trained once for each set of overrides.</summary>
    private string WholeRun(string overrides)
    {
        if (!folderOfWholeRun.TryGetValue(overrides, out string? folder))
        {
            using var recorder = new Recorder();
            folder = SmallExperiment.Run(wholeRuns.In($"{folderOfWholeRun.Count}"), recorder, overrides).Folder;
            folderOfWholeRun.Add(overrides, folder);
        }

        return folder;
    }

    private static void AssertSameNumbers(string one, string two)
    {
        Assert.That(Numbers(two, "evaluation.json"), Is.EqualTo(Numbers(one, "evaluation.json")));
        Assert.That(Numbers(two, "metrics.jsonl"), Is.EqualTo(Numbers(one, "metrics.jsonl")));
    }

    private static string Numbers(string folder, string name) =>
        string.Join('\n', (name.EndsWith('l') ? File.ReadAllLines(Path.Combine(folder, name)) : [File.ReadAllText(Path.Combine(folder, name))])
        .Select(text =>
        {
            JsonObject json = JsonNode.Parse(text)!.AsObject();
            json.Remove("seconds");
            json.Remove("peak_memory_mb");
            json.Remove("loss_share");
            json.Remove("step_seconds");
            return json.ToJsonString();
        }));
}
