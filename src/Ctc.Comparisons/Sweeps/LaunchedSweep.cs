using Ctc.Configuration.Binding;
using Ctc.Experiments.Files;
using Ctc.Experiments.Runs;
using Ctc.Experiments.Training;

namespace Ctc.Comparisons.Sweeps;

/// <summary>Has the missing runs of a plan executed by a scheduler, and follows them by their folders.</summary>
/// <remarks>
/// The jobs go on when this process ends. Their names are in <c>jobs.json</c>, so that a later process follows them instead of submitting the runs
/// again. Runs that the scheduler lost are submitted again.
/// </remarks>
/// <param name="plan">The plan of the sweep.</param>
/// <param name="folder">The sweep's folder, which all machines have under the same path; created if missing.</param>
/// <param name="chosen">The launcher.</param>
/// <param name="command">The program, and the arguments, that run a <see cref="RunOrder"/> whose file is the next argument.</param>
public sealed class LaunchedSweep(SweepPlan plan, string folder, PartChoice chosen, IReadOnlyList<string> command)
{
    private readonly string folder = Path.GetFullPath(folder);
    private readonly SweepRuns runs = new(plan, Path.GetFullPath(folder));
    private readonly ILauncher launcher = chosen.Create<ILauncher>();
    private bool isSilent;

    private JobSubmission Submission => new(plan, folder, runs, launcher, Name, command);

    /// <summary>Gets the name of the launcher.</summary>
    public string Name => chosen.Factory.Metadata.Name;

    /// <summary>Gets the time from one question to the scheduler to the next.</summary>
    /// <value>The default is 5 s.</value>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets how long the files of an ended task may take to be seen here.</summary>
    /// <value>The default is 10 s.</value>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Composes what would be submitted. Writes nothing.</summary>
    /// <param name="parallel">How many runs may be executed at the same time; null for as many as the scheduler starts.</param>
    /// <returns>A text for each job; none if nothing is missing.</returns>
    public IReadOnlyList<string> Describe(int? parallel)
    {
        runs.Look();
        SweepRuns.Retry(runs.All);
        return Submission.Describe([.. Open().Where(run => run.Same[0].IsWaiting)], parallel);
    }

    /// <summary>Submits the missing runs and follows them to their end.</summary>
    /// <param name="parallel">How many runs of a job may be executed at the same time; null for as many as the scheduler starts.</param>
    /// <param name="failFast">Whether the first failure ends the jobs.</param>
    /// <param name="observer">Receives the progress.</param>
    /// <param name="cancellation">Ends the following, and not the jobs.</param>
    /// <returns>A status for each run of the plan.</returns>
    /// <exception cref="InvalidDataException">There is no such scheduler here, or it refuses a job.</exception>
    /// <exception cref="RunFolderException">The folder is held by another process, or holds something else.</exception>
    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    public IReadOnlyList<RunStatus> Execute(int? parallel, bool failFast, ISweepObserver observer, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(observer);
        launcher.Require();
        using FileStream held = runs.Begin(observer);
        JobSubmission submission = Submission;
        List<LaunchedRun> open = Resume(observer);
        observer.Changed(runs.All, null);
        submission.Submit([.. open.Where(run => run.Job is null)], parallel, observer);
        while (true)
        {
            if (Ask(open, observer, cancellation) is { } known)
            {
                var steps = open.Select(run => (Run: run, Next: run.Next(known.GetValueOrDefault(run), DateTime.UtcNow, Patience))).ToList();
                foreach ((LaunchedRun run, (RunStep step, string? cause)) in steps) Take(run, step, cause, observer);
                submission.Submit([.. steps.Where(step => step.Next.Step == RunStep.Submit).Select(step => step.Run)], parallel, observer);
                open.RemoveAll(run => run.Same[0].Ended is not null);
            }

            if (open.Count == 0) return runs.All;
            if (failFast && runs.All.Any(run => run is { State: RunState.Failed, Ended: not null })) return End(open);
            cancellation.WaitHandle.WaitOne(Pause);
            cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Ends the jobs of the sweep.</summary>
    /// <returns>The names of the jobs that had runs without a result.</returns>
    /// <exception cref="InvalidDataException">There is no such scheduler here.</exception>
    /// <exception cref="RunFolderException">The folder is held by another process.</exception>
    public IReadOnlyList<string> Cancel()
    {
        launcher.Require();
        if (!Directory.Exists(folder)) return [];
        using FileStream held = FolderLock.Hold(folder);
        runs.Look();
        return Submission.Cancel([.. runs.All.Where(run => run.State != RunState.Done).Select(run => run.Run.Identity)]);
    }

    private IReadOnlyList<RunStatus> End(List<LaunchedRun> open)
    {
        Submission.Cancel([.. open.Select(run => run.Run.Identity)]);
        foreach (RunStatus run in open.SelectMany(run => run.Same)) run.State = RunState.Unfinished;
        return runs.All;
    }

    // While jobs of an earlier process are active, they are followed as they are; then what failed is tried again.
    private List<LaunchedRun> Resume(ISweepObserver observer)
    {
        SubmittedJobs jobs = SubmittedJobs.Load(folder);
        List<LaunchedRun> open = [.. Open()];
        var before = open.ToDictionary(run => run, run => jobs.Find(Name, run.Run.Identity));
        foreach ((LaunchedRun run, (SubmittedJob Job, int Task)? job) in before)
        {
            if (job is { } last) run.Follow(last.Job, last.Task);
        }

        IReadOnlyDictionary<LaunchedRun, JobStatus> known = Find(open);
        if (known.Values.Any(status => status.State is JobState.Waiting or JobState.Running))
        {
            observer.Note($"Jobs of {Name} are followed: {string.Join(", ", known.Keys.Select(run => run.Job!.Job).Distinct())}.");
            return [.. open.Where(run => run.Same[0].State != RunState.Failed)];
        }

        SweepRuns.Retry(runs.All);
        return [.. Open()];
    }

    private IEnumerable<LaunchedRun> Open() => runs.Shared
        .Where(same => same[0].State != RunState.Done && !same[0].IsDamaged)
        .Select(same => new LaunchedRun(same, runs.FolderOf(same[0].Run)));

    private IReadOnlyDictionary<LaunchedRun, JobStatus>? Ask(List<LaunchedRun> open, ISweepObserver observer, CancellationToken cancellation)
    {
        try
        {
            IReadOnlyDictionary<LaunchedRun, JobStatus> known = Find(open);
            isSilent = false;
            return known;
        }
        catch (IOException failure)
        {
            cancellation.ThrowIfCancellationRequested(); // Ctrl-C reaches the scheduler's programs too
            if (!isSilent) observer.Note($"{Name} does not answer and is asked again: {failure.Message}");
            isSilent = true;
            return null;
        }
    }

    private Dictionary<LaunchedRun, JobStatus> Find(List<LaunchedRun> open)
    {
        var known = new Dictionary<LaunchedRun, JobStatus>();
        foreach (var job in open.Where(run => run.Job is not null).GroupBy(run => run.Job!.Job))
        {
            IReadOnlyDictionary<int, JobStatus> states = launcher.Find(job.Key, [.. job.Select(run => run.Task)]);
            foreach (LaunchedRun run in job)
            {
                if (states.TryGetValue(run.Task, out JobStatus? status)) known.Add(run, status);
            }
        }

        return known;
    }

    private void Take(LaunchedRun run, RunStep step, string? cause, ISweepObserver observer)
    {
        RunStatus first = run.Same[0];
        switch (step)
        {
            case RunStep.Wait or RunStep.Submit when first.State == RunState.Running:
                runs.Change(run.Same, observer, status => (status.State, status.Progress) = (RunState.Unfinished, null));
                break;
            case RunStep.Run when Progress(run) is var progress && (first.State != RunState.Running || first.Progress != progress):
                runs.Change(run.Same, observer, status =>
                    (status.State, status.Started, status.Progress) = (RunState.Running, status.Started ?? DateTime.UtcNow, progress));
                break;
            case RunStep.Read:
                Read(run, observer);
                break;
            case RunStep.Fail:
                string log = Path.Combine(folder, run.Job!.Folder, $"{run.Task}.log");
                string recorded = runs.Record(File.Exists(log) ? $"{cause} Its output is in {log}." : cause!, run.Run);
                runs.Change(run.Same, observer, status => Fail(status, recorded));
                break;
        }
    }

    private void Read(LaunchedRun run, ISweepObserver observer)
    {
        RunResult? result = null;
        string? cause = null;
        try
        {
            if (RunFolder.StateOf(run.Folder) == RunState.Done) result = RunResult.Load(run.Folder, run.Run.Identity);
            else cause = RunFailure.Load(run.Folder)?.Cause;
        }
        catch (RunFolderException failure)
        {
            cause = failure.Message;
        }

        runs.Change(run.Same, observer, status =>
        {
            if (result is null)
            {
                Fail(status, cause ?? "The run failed, without an error message.");
                return;
            }

            status.Ended = DateTime.UtcNow;
            status.Started ??= status.Ended - TimeSpan.FromSeconds(result.Test.Seconds);
            SweepRuns.Finish(status, result);
        });
    }

    private static void Fail(RunStatus status, string cause)
    {
        status.Ended = DateTime.UtcNow;
        status.Started ??= status.Ended;
        (status.State, status.Cause) = (RunState.Failed, cause);
    }

    // By the epochs whose metrics are written.
    private StepProgress? Progress(LaunchedRun run)
    {
        int epochs = plan.Experiments[run.Run.Identity].Train.Epochs;
        try
        {
            string metrics = RunFolder.MetricsIn(run.Folder);
            return File.Exists(metrics) ? new StepProgress(Math.Min(File.ReadLines(metrics).Count() + 1, epochs), epochs, 0, 1, 0) : null;
        }
        catch (IOException)
        {
            return null; // written this moment
        }
    }
}
