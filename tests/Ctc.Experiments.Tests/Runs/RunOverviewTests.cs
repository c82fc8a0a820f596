using System.Text.Json;
using Ctc.Experiments.Files;
using Ctc.Experiments.Runs;
using Ctc.Experiments.Training;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Runs;

public class RunOverviewTests
{
    private static readonly MetricValue Words = new("word error rate", "%", HigherIsBetter: false, 0.25);

    private TemporaryFolder folder = new();

    [SetUp]
    public void Empty() => folder = new TemporaryFolder();

    [TearDown]
    public void Delete() => folder.Dispose();

    [Test]
    public void Runs_are_found_at_any_depth_with_state_epochs_metric_and_size()
    {
        Run("b/deep/done", epochs: 2, evaluation: Measured(0.5));
        Run("a/begun", epochs: 1);
        Run("a/failed", epochs: 0);
        File.WriteAllText(folder.In("a", "failed", RunFailure.FileName), "{}");
        Run("a/new", epochs: 0);
        Directory.CreateDirectory(folder.In("a", "other"));
        IReadOnlyList<RunOverview> found = RunOverview.FindAll(folder.Path);
        Assert.That(found.Select(Line), Is.EqualTo(new[]
        {
            "a/begun Unfinished 1 90.00 %", "a/failed Failed 0", "a/new Unfinished 0", "b/deep/done Done 2 50.00 %",
        }));
        string[] files = Directory.GetFiles(folder.In("b", "deep", "done"), "*", SearchOption.AllDirectories);
        Assert.That(found[^1].Bytes, Is.EqualTo(files.Sum(file => new FileInfo(file).Length)).And.GreaterThan(0));
    }

    [Test]
    public void The_first_metric_of_the_experiment_is_shown()
    {
        Run("r", epochs: 1, evaluation: Measured(0.5) with { Metrics = new() { ["word_error_rate"] = Words } });
        Assert.That(RunOverview.Load(folder.In("r")).Metric, Is.EqualTo(Words));
    }

    [Test]
    public void A_run_that_a_process_holds_is_running_and_one_that_only_left_its_lock_is_not()
    {
        Run("r", epochs: 1);
        using (FolderLock.Hold(folder.In("r"))) Assert.That(RunOverview.Load(folder.In("r")).State, Is.EqualTo(RunState.Running));
        Assert.That(File.Exists(folder.In("r", "lock")));
        Assert.That(RunOverview.Load(folder.In("r")).State, Is.EqualTo(RunState.Unfinished));
    }

    [Test]
    public void A_damaged_run_is_listed_with_the_cause()
    {
        Run("r", epochs: 1);
        File.WriteAllText(folder.In("r", "evaluation.json"), "{ \"token_error_rate\":");
        RunOverview damaged = RunOverview.Load(folder.In("r"));
        Assert.That((damaged.State, damaged.Metric), Is.EqualTo((RunState.Done, (MetricValue?)null)));
        Assert.That(damaged.Problem, Does.StartWith(folder.In("r", "evaluation.json") + ": ").And.EndsWith("expected the result of a run."));
    }

    [Test]
    public void A_missing_folder_is_refused() =>
        Assert.That(
            Assert.Throws<RunFolderException>(() => RunOverview.FindAll(folder.In("x")))!.Message,
            Is.EqualTo($"{folder.In("x")}: there is no such folder; expected one that holds runs."));

    [Test]
    public void A_link_to_a_folder_is_not_followed()
    {
        Run("r", epochs: 1);
        Directory.CreateSymbolicLink(folder.In("again"), folder.Path);
        Assert.That(RunOverview.FindAll(folder.Path), Has.Count.EqualTo(1));
    }

    private string Line(RunOverview run) => $"{Path.GetRelativePath(folder.Path, run.Folder)} {run.State} {run.Epochs} {run.Metric?.Text}".TrimEnd();

    private static Measurement Measured(double errors) =>
        Measurement.FromUtterances([new UtteranceResult("u", ["a", "b"], ["a"], 1, 2, 0.1)]) with { TokenErrorRate = errors };

    private void Run(string name, int epochs, Measurement? evaluation = null)
    {
        string run = folder.In(name.Split('/'));
        Directory.CreateDirectory(run);
        File.WriteAllText(Path.Combine(run, "run.json"), "{}");
        IEnumerable<EpochMetrics> trained = Enumerable.Range(1, epochs).Select(epoch => new EpochMetrics(epoch, 1, 1, 0.9, 1, 0, 1));
        IEnumerable<string> lines = trained.Select(epoch => JsonSerializer.Serialize(epoch, RunJson.Line));
        if (epochs > 0) File.WriteAllLines(Path.Combine(run, "metrics.jsonl"), lines);
        if (evaluation is not null) File.WriteAllText(Path.Combine(run, "evaluation.json"), JsonSerializer.Serialize(evaluation, RunJson.Page));
    }
}
