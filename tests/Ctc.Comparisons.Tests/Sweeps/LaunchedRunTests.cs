using Ctc.Comparisons.Sweeps;
using Ctc.Experiments.Runs;
using Ctc.Tests;

namespace Ctc.Comparisons.Tests.Sweeps;

/// <summary>What is to be done about a run, by its folder and by what the scheduler reports.</summary>
public class LaunchedRunTests
{
    private static readonly DateTime Start = new(2026, 1, 1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [TestCase(JobState.Waiting, RunStep.Wait)]
    [TestCase(JobState.Running, RunStep.Run)]
    [TestCase(JobState.Done, RunStep.Fail)]
    [TestCase(JobState.Failed, RunStep.Fail)]
    [TestCase(JobState.Lost, RunStep.Submit)]
    [TestCase(null, RunStep.Submit)]
    public void Without_files_the_scheduler_decides_after_some_patience(JobState? state, object step)
    {
        using var folder = new TemporaryFolder();
        var run = new LaunchedRun([], folder.Path);
        JobStatus? task = state is { } known ? new JobStatus(known, "a cause") : null;
        bool isActive = state is JobState.Waiting or JobState.Running;
        Assert.That(run.Next(task, Start, Patience).Step, Is.EqualTo(isActive ? step : RunStep.Nothing));
        Assert.That(run.Next(task, Start + Patience, Patience).Step, Is.EqualTo(step));
    }

    [Test]
    public void Patience_begins_anew_when_the_scheduler_has_the_run_again()
    {
        using var folder = new TemporaryFolder();
        var run = new LaunchedRun([], folder.Path);
        run.Next(new JobStatus(JobState.Lost), Start, Patience);
        run.Next(new JobStatus(JobState.Waiting), Start + (Patience / 2), Patience);
        Assert.That(run.Next(new JobStatus(JobState.Lost), Start + Patience, Patience).Step, Is.EqualTo(RunStep.Nothing));
    }

    [Test]
    public void A_recorded_failure_ends_the_run_whatever_the_scheduler_reports()
    {
        using var folder = new TemporaryFolder();
        new RunFailure("a cause").Write(folder.Path);
        Assert.That(new LaunchedRun([], folder.Path).Next(new JobStatus(JobState.Running), Start, Patience).Step, Is.EqualTo(RunStep.Read));
    }
}
