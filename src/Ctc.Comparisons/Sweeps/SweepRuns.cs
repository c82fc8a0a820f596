using Ctc.Configuration.Binding;
using Ctc.Experiments.Files;
using Ctc.Experiments.Runs;

namespace Ctc.Comparisons.Sweeps;

/// <summary>The runs of a sweep in its folder, with their states.</summary>
/// <param name="plan">The plan of the sweep.</param>
/// <param name="folder">The absolute path of the sweep's folder.</param>
internal sealed class SweepRuns(SweepPlan plan, string folder)
{
    private readonly RunStatus[] runs = [.. plan.Record.Runs.Select(run => new RunStatus(run))];
    private readonly Lock turn = new();

    /// <summary>Gets a status for each run of the plan, in its order.</summary>
    public IReadOnlyList<RunStatus> All => runs;

    /// <summary>Gets the runs that are executed once each: variants with the same identity share one.</summary>
    public IEnumerable<RunStatus[]> Shared => runs.GroupBy(run => run.Run.Identity).Select(same => same.ToArray());

    /// <summary>The folder of a run.</summary>
    public string FolderOf(PlannedRun run) => Path.Combine(folder, run.Folder);

    /// <summary>The order for the process that executes a run.</summary>
    public RunOrder OrderOf(PlannedRun run) =>
        new(CanonicalJson.Compact(plan.Experiments[run.Identity].ToJson()), run.Identity, plan.BaseFolder, FolderOf(run));

    /// <summary>Determines the states of the runs from their folders. Writes nothing.</summary>
    public IReadOnlyList<RunStatus> Look()
    {
        foreach (RunStatus run in runs)
        {
            string at = FolderOf(run.Run);
            run.State = RunFolder.StateOf(at);
            run.AlreadyDone = run.State == RunState.Done;
            try
            {
                if (run.AlreadyDone) Finish(run, RunResult.Load(at, run.Run.Identity));
                else run.Cause = RunFailure.Load(at)?.Cause;
            }
            catch (RunFolderException failure)
            {
                run.IsDamaged = run.AlreadyDone;
                (run.State, run.Cause, run.AlreadyDone) = (RunState.Failed, failure.Message, false);
            }
        }

        return runs;
    }

    /// <summary>Takes hold of the sweep's folder, records the plan there and determines the states of the runs.</summary>
    /// <param name="observer">Receives the notes of the plan.</param>
    /// <returns>Held until it is disposed.</returns>
    /// <exception cref="RunFolderException">The folder is held by another process, or holds something else.</exception>
    public FileStream Begin(ISweepObserver observer)
    {
        RefuseForeign();
        FileStream held = FolderLock.Hold(folder);
        try
        {
            foreach (string note in plan.Notes.Concat(plan.Stale(folder))) observer.Note(note);
            Look();
            foreach (RunStatus run in runs.Where(run => run.AlreadyDone))
            {
                RunResult.LoadGrouped(FolderOf(run.Run), run.Run.Identity, plan.Experiments[run.Run.Identity].Data.Create<IDataSource>());
            }

            plan.Record.Write(folder);
            return held;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Sets the state of failed runs so that they are tried again.</summary>
    public static void Retry(IEnumerable<RunStatus> some)
    {
        foreach (RunStatus run in some.Where(run => run.State == RunState.Failed && !run.IsDamaged)) run.State = RunState.Unfinished;
    }

    /// <summary>Changes runs, and tells of it.</summary>
    public void Change(IReadOnlyList<RunStatus> same, ISweepObserver observer, Action<RunStatus> change)
    {
        lock (turn)
        {
            foreach (RunStatus run in same)
            {
                change(run);
                observer.Changed(runs, run);
            }
        }
    }

    /// <summary>Sets the result of a run.</summary>
    public static void Finish(RunStatus run, RunResult result)
    {
        run.State = RunState.Done;
        run.Result = result.Test.Values[0].Value;
    }

    /// <summary>Records why a run failed, in its folder.</summary>
    /// <returns>The cause; where it cannot be recorded, with the reason.</returns>
    public string Record(string cause, PlannedRun run)
    {
        try
        {
            new RunFailure(cause).Write(FolderOf(run));
            return cause;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return $"{cause} (The cause could not be recorded: {failure.Message.TrimEnd('.')}.)";
        }
    }

    /// <summary>Refuses runs that a task of a scheduler may be executing.</summary>
    /// <exception cref="RunFolderException">There are such runs.</exception>
    public void RefuseSubmitted()
    {
        HashSet<string> waiting = [.. runs.Where(run => run.IsWaiting).Select(run => run.Run.Identity)];
        if (SubmittedJobs.Load(folder).Jobs.FirstOrDefault(job => job.Runs.Any(waiting.Contains)) is not { } job) return;
        throw new RunFolderException(
            $"{folder} has runs that were submitted to {job.Launcher} as job {job.Job} and have not ended; expected --launcher {job.Launcher}, " +
            "which follows them, and with --cancel ends them.");
    }

    private void RefuseForeign()
    {
        if (File.Exists(folder)) throw new RunFolderException($"{folder} is a file; expected a folder, or nothing.");
        if (!Directory.Exists(folder) || File.Exists(Path.Combine(folder, SweepRecord.FileName))) return;
        if (
            Directory.EnumerateFileSystemEntries(folder)
                .Any(entry => Path.GetFileName(entry) is not (FolderLock.FileName or SweepRecord.FileName + ".new")))
        {
            throw new RunFolderException($"{folder} holds other files; expected an empty folder, or a sweep's.");
        }
    }
}
