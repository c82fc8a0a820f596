using Ctc.Configuration.Binding;
using Ctc.Configuration.Identity;
using Ctc.Configuration.Schema;
using Ctc.Experiments.Files;
using Ctc.Experiments.Runs;

namespace Ctc.Comparisons.Sweeps;

/// <summary>Executes the missing runs of a plan, each in its own process, several in parallel.</summary>
/// <remarks>
/// An interrupted sweep resumes: finished runs are kept, interrupted ones resume after their last epoch, failed ones are tried again.
/// </remarks>
/// <param name="plan">The plan of the sweep.</param>
/// <param name="folder">The sweep's folder; created if missing.</param>
/// <param name="command">The program, and the arguments, that run a <see cref="RunOrder"/> from standard input.</param>
public sealed class SweepExecution(SweepPlan plan, string folder, IReadOnlyList<string> command)
{
    private readonly string folder = Path.GetFullPath(folder);
    private readonly RunStatus[] runs = [.. plan.Record.Runs.Select(run => new RunStatus(run))];
    private readonly Lock turn = new();

    /// <summary>Determines the states of the runs from their folders. Writes nothing.</summary>
    /// <returns>A status for each run of the plan.</returns>
    public IReadOnlyList<RunStatus> Look()
    {
        foreach (RunStatus run in runs)
        {
            string at = Path.Combine(folder, run.Run.Folder);
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

    /// <summary>Executes the missing runs.</summary>
    /// <param name="jobs">The number of parallel runs; 1 or more.</param>
    /// <param name="failFast">Whether the first failure ends the sweep.</param>
    /// <param name="observer">Receives the progress.</param>
    /// <param name="cancellation">Ends the runs between two steps.</param>
    /// <returns>A status for each run of the plan.</returns>
    /// <exception cref="RunFolderException">The folder is held by another process, or holds something else.</exception>
    /// <exception cref="OperationCanceledException">It was interrupted; no process is left.</exception>
    public IReadOnlyList<RunStatus> Execute(int jobs, bool failFast, ISweepObserver observer, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(jobs, 1);
        ArgumentNullException.ThrowIfNull(observer);
        RefuseForeign();
        using FileStream held = FolderLock.Hold(folder);
        foreach (string note in plan.Notes.Concat(plan.Stale(folder))) observer.Note(note);
        Look();
        foreach (RunStatus run in runs.Where(run => run.AlreadyDone))
        {
            RunResult.LoadGrouped(Path.Combine(folder, run.Run.Folder), run.Run.Identity, SourceOf(run));
        }

        plan.Record.Write(folder);
        foreach (RunStatus run in runs.Where(run => run.State == RunState.Failed && !run.IsDamaged)) run.State = RunState.Unfinished; // tried again
        observer.Changed(runs, null);

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var slots = new SemaphoreSlim(jobs);
        Task[] work = [.. runs
            .Where(run => run.IsWaiting)
            .GroupBy(run => run.Run.Identity)
            .Select(same => ExecuteAsync([.. same], slots, failFast, observer, ending))];
        try
        {
            Task.WhenAll(work).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // The first failure ended the others.
        }

        cancellation.ThrowIfCancellationRequested();
        return runs;
    }

    private IDataSource SourceOf(RunStatus run) => plan.Experiments[run.Run.Identity].Data.Create<IDataSource>();

    // Variants with the same identity share one run.
    private async Task ExecuteAsync(RunStatus[] same, SemaphoreSlim slots, bool failFast, ISweepObserver observer, CancellationTokenSource ending)
    {
        await slots.WaitAsync(ending.Token).ConfigureAwait(false);
        try
        {
            PlannedRun run = same[0].Run;
            string at = Path.Combine(folder, run.Folder);
            Change(same, observer, status => (status.State, status.Started) = (RunState.Running, DateTime.UtcNow));

            (RunResult? result, string? cause) = await TryAsync(
                run, at, message => Change(same, observer, status => status.Progress = message.Progress), ending.Token).ConfigureAwait(false);
            Change(same, observer, status =>
            {
                status.Ended = DateTime.UtcNow;
                status.Cause = cause;
                if (result is not null) Finish(status, result);
                else status.State = RunState.Failed;
            });
            if (result is null && failFast) await ending.CancelAsync().ConfigureAwait(false);
        }
        finally
        {
            slots.Release();
        }
    }

    // Whatever ends one run, the others continue.
    private async Task<(RunResult? Result, string? Cause)> TryAsync(
        PlannedRun run, string at, Action<RunMessage> received, CancellationToken cancellation)
    {
        string cause;
        try
        {
            Experiment experiment = plan.Experiments[run.Identity];
            var order = new RunOrder(CanonicalJson.Compact(experiment.ToJson()), run.Identity, plan.BaseFolder, at);
            string? failed = await RunProcess.ExecuteAsync(command, order, experiment.Train.Threads, received, cancellation).ConfigureAwait(false);
            if (failed is null && RunFolder.StateOf(at) == RunState.Done) return (RunResult.Load(at, run.Identity), null);
            cause = failed ?? "The process of the run ended with exit code 0 and left no result; a part may have ended it.";
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            cause = failure.Message;
        }

        return (null, Recorded(cause, at));
    }

    private static string Recorded(string cause, string at)
    {
        try
        {
            new RunFailure(cause).Write(at);
            return cause;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return $"{cause} (The cause could not be recorded: {failure.Message.TrimEnd('.')}.)";
        }
    }

    private void Change(RunStatus[] same, ISweepObserver observer, Action<RunStatus> change)
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

    private static void Finish(RunStatus run, RunResult result)
    {
        run.State = RunState.Done;
        run.Result = result.Test.Values[0].Value;
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
