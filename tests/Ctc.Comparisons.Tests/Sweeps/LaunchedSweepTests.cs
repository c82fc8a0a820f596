using Ctc.Comparisons.Sweeps;
using Ctc.Experiments.Files;
using Ctc.Experiments.Runs;

namespace Ctc.Comparisons.Tests.Sweeps;

/// <summary>A sweep whose runs a scheduler executes: each once, whatever happens to jobs, machines and the process that follows them.</summary>
public class LaunchedSweepTests
{
    private FakeLauncher fake = null!;

    [SetUp]
    public void Create() => fake = new FakeLauncher();

    [TearDown]
    public void Delete() => fake.Dispose();

    [Test]
    public void All_missing_runs_are_one_job_and_a_second_sweep_submits_nothing()
    {
        Assert.That(fake.Launched().Describe(parallel: null), Is.EqualTo(new[] { $"3 of {Path.Combine(fake.Sweep, "jobs", "1")}" }));
        Assert.That(Directory.Exists(fake.Sweep), Is.False, "nothing is written before");
        fake.Task = (order, _) => FakeLauncher.Finish(order);
        IReadOnlyList<RunStatus> runs = fake.Execute();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(runs.Select(run => run.State), Is.All.EqualTo(RunState.Done));
            Assert.That(fake.Jobs.Single().Select(order => order.Identity), Is.EqualTo(fake.Plan.Record.Runs.Select(run => run.Identity)));
            Assert.That(fake.Notes, Is.EqualTo(new[] { "3 runs are submitted to fake as job job-1." }));
            Assert.That(fake.Loads, Is.EqualTo(1), "features are computed once, before the job");
            Assert.That(fake.Execute().Select(run => run.State), Is.All.EqualTo(RunState.Done));
            Assert.That(fake.Jobs, Has.Count.EqualTo(1));
            Assert.That(fake.Launched().Describe(parallel: null), Is.Empty);
        }
    }

    [Test]
    public void A_lost_run_is_submitted_again_alone()
    {
        string lost = fake.Plan.Record.Runs[1].Identity;
        fake.Task = (order, submissions) =>
            order.Identity == lost && submissions < 3 ? submissions == 1 ? new JobStatus(JobState.Lost) : null : FakeLauncher.Finish(order);
        Assert.That(fake.Execute().Select(run => run.State), Is.All.EqualTo(RunState.Done));
        Assert.That(fake.Jobs.Select(orders => orders.Length), Is.EqualTo(new[] { 3, 1, 1 }));
    }

    [Test]
    public void A_run_that_is_lost_again_and_again_has_failed()
    {
        fake.Task = (order, _) => order.Identity == fake.Plan.Record.Runs[0].Identity ? new JobStatus(JobState.Lost) : FakeLauncher.Finish(order);
        RunStatus run = fake.Execute()[0];
        Assert.That(
            (run.State, run.Cause),
            Is.EqualTo((RunState.Failed, "The scheduler lost the run 4 times before its end; expected machines that stay up.")));
        Assert.That(fake.Jobs, Has.Count.EqualTo(4));
    }

    [Test]
    public void A_failure_is_recorded_with_its_cause_and_the_next_sweep_tries_again()
    {
        string failing = fake.Plan.Record.Runs[2].Identity;
        fake.Task = (order, _) => order.Identity == failing ? new JobStatus(JobState.Failed, "Out of luck.") : FakeLauncher.Finish(order);
        RunStatus run = fake.Execute()[2];
        string at = Path.Combine(fake.Sweep, run.Run.Folder);
        Assert.That((run.State, run.Cause, RunFailure.Load(at)!.Cause), Is.EqualTo((RunState.Failed, "Out of luck.", "Out of luck.")));

        fake.Task = (order, _) => FakeLauncher.Finish(order);
        Assert.That(fake.Execute()[2].State, Is.EqualTo(RunState.Done));
        Assert.That(fake.Jobs.Select(orders => orders.Length), Is.EqualTo(new[] { 3, 1 }));
    }

    [Test]
    public void A_cause_that_the_run_recorded_itself_counts_more_than_what_the_scheduler_reports()
    {
        fake.Task = (order, _) =>
        {
            new RunFailure("The loss is NaN.").Write(order.Output);
            return new JobStatus(JobState.Failed, "exit code 1");
        };
        Assert.That(fake.Execute().Select(run => run.Cause), Is.All.EqualTo("The loss is NaN."));
    }

    [Test]
    public void An_interruption_leaves_the_jobs_and_the_same_sweep_follows_them_again()
    {
        using var interruption = new CancellationTokenSource();
        fake.Task = (order, _) =>
        {
            interruption.Cancel();
            return new JobStatus(JobState.Running);
        };
        Assert.That(() => fake.Execute(cancellation: interruption.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(fake.Cancelled, Is.Empty);

        int looks = 0;
        fake.Task = (order, _) => looks++ < 4 ? new JobStatus(JobState.Waiting) : FakeLauncher.Finish(order);
        Assert.That(fake.Execute().Select(run => run.State), Is.All.EqualTo(RunState.Done));
        Assert.That((fake.Jobs.Count, fake.Notes[^1]), Is.EqualTo((1, "Jobs of fake are followed: job-1.")));
    }

    [Test]
    public void Cancelled_jobs_are_forgotten_and_before_that_no_local_sweep_begins()
    {
        fake.Task = (_, _) => throw new OperationCanceledException();
        Assert.That(() => fake.Execute(), Throws.InstanceOf<OperationCanceledException>());
        var local = new SweepExecution(fake.Plan, fake.Sweep, ["/no-program"]);
        Assert.That(() => local.Execute(1, failFast: true, fake, default), Throws.TypeOf<RunFolderException>().With.Message.EqualTo(
            $"{fake.Sweep} has runs that were submitted to fake as job job-1 and have not ended; expected --launcher fake, which follows them, and " +
            "with --cancel ends them."));
        Assert.That(fake.Launched().Cancel(), Is.EqualTo(new[] { "job-1" }));
        Assert.That(fake.Launched().Cancel(), Is.Empty);
        Assert.That(fake.Cancelled, Is.EqualTo(new[] { "job-1" }));
    }

    [Test]
    public void The_first_failure_ends_the_jobs_if_that_is_wanted()
    {
        fake.Task = (order, _) => order.Identity == fake.Plan.Record.Runs[0].Identity
            ? new JobStatus(JobState.Failed, "Out of luck.") : new JobStatus(JobState.Running);
        Assert.That(
            fake.Execute(failFast: true).Select(run => run.State),
            Is.EqualTo(new[] { RunState.Failed, RunState.Unfinished, RunState.Unfinished }));
        Assert.That(fake.Cancelled, Is.EqualTo(new[] { "job-1" }));
    }

    [Test]
    public void A_scheduler_that_does_not_answer_is_asked_again_and_no_run_counts_as_lost()
    {
        int questions = 0;
        fake.Task = (order, _) => questions++ < 3 ? throw new IOException("connection refused") : FakeLauncher.Finish(order);
        Assert.That(fake.Execute().Select(run => run.State), Is.All.EqualTo(RunState.Done));
        Assert.That(fake.Jobs, Has.Count.EqualTo(1));
        Assert.That(fake.Notes.Count(note => note == "fake does not answer and is asked again: connection refused"), Is.EqualTo(1));
    }
}
