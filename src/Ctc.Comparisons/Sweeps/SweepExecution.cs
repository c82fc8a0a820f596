using System.Collections.Concurrent;
using Ctc.Experiments.Files;
using Ctc.Experiments.Processes;
using Ctc.Experiments.Runs;

namespace Ctc.Comparisons.Sweeps;

/// <summary>Executes the missing runs of a plan on this machine, each in its own process, several in parallel.</summary>
/// <remarks>
/// An interrupted sweep resumes: finished runs are kept, interrupted ones resume after their last epoch, failed ones are tried again.
/// </remarks>
/// <param name="plan">The plan of the sweep.</param>
/// <param name="folder">The sweep's folder; created if missing.</param>
/// <param name="command">The program, and the arguments, that run a <see cref="RunOrder"/> from standard input.</param>
public sealed class SweepExecution(SweepPlan plan, string folder, IReadOnlyList<string> command)
{
    private readonly SweepRuns runs = new(plan, Path.GetFullPath(folder));
    private readonly ConcurrentQueue<int> threadsOfWaiting = new();

    /// <summary>Determines the states of the runs from their folders. Writes nothing.</summary>
    /// <returns>A status for each run of the plan.</returns>
    public IReadOnlyList<RunStatus> Look() => runs.Look();

    /// <summary>Executes the missing runs.</summary>
    /// <param name="jobs">The number of parallel runs; 1 or more.</param>
    /// <param name="failFast">Whether the first failure ends the sweep.</param>
    /// <param name="observer">Receives the progress.</param>
    /// <param name="cancellation">Ends the runs between two steps.</param>
    /// <returns>A status for each run of the plan.</returns>
    /// <exception cref="RunFolderException">
    /// The folder is held by another process, or holds something else, or runs in it were submitted to a scheduler and have not ended.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was interrupted; no process is left.</exception>
    public IReadOnlyList<RunStatus> Execute(int jobs, bool failFast, ISweepObserver observer, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(jobs, 1);
        ArgumentNullException.ThrowIfNull(observer);
        using FileStream held = runs.Begin(observer);
        runs.RefuseSubmitted();
        SweepRuns.Retry(runs.All);
        observer.Changed(runs.All, null);

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var slots = new SemaphoreSlim(jobs);
        using var processes = new RunProcesses(command);
        RunStatus[][] missing = [.. runs.Shared.Where(same => same[0].IsWaiting)];
        foreach (RunStatus[] same in missing) threadsOfWaiting.Enqueue(ThreadsOf(same[0].Run));
        Task[] work = [.. missing.Select(same => ExecuteAsync(same, slots, processes, failFast, observer, ending))];
        try
        {
            Task.WhenAll(work).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // The first failure ended the others.
        }

        cancellation.ThrowIfCancellationRequested();
        return runs.All;
    }

    private async Task ExecuteAsync(
        RunStatus[] same, SemaphoreSlim slots, RunProcesses processes, bool failFast, ISweepObserver observer, CancellationTokenSource ending)
    {
        await slots.WaitAsync(ending.Token).ConfigureAwait(false);
        try
        {
            _ = threadsOfWaiting.TryDequeue(out _);
            runs.Change(same, observer, status => (status.State, status.Started) = (RunState.Running, DateTime.UtcNow));

            void Receive(RunMessage message)
            {
                runs.Change(same, observer, status => status.Progress = message.Progress);
                bool endsSoon = message.Progress.Epoch == message.Progress.Epochs;
                if (endsSoon && !ending.IsCancellationRequested && threadsOfWaiting.TryPeek(out int threads)) processes.Prepare(threads);
            }

            (RunResult? result, string? cause) = await TryAsync(same[0].Run, processes, Receive, ending.Token).ConfigureAwait(false);
            runs.Change(same, observer, status =>
            {
                status.Ended = DateTime.UtcNow;
                status.Cause = cause;
                if (result is not null) SweepRuns.Finish(status, result);
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
        PlannedRun run, RunProcesses processes, Action<RunMessage> received, CancellationToken cancellation)
    {
        string cause;
        try
        {
            string at = runs.FolderOf(run);
            using ChildProcess process = processes.Take(ThreadsOf(run));
            string? failed = await RunProcess.ExecuteAsync(process, runs.OrderOf(run), received, cancellation).ConfigureAwait(false);
            if (failed is null && RunFolder.StateOf(at) == RunState.Done) return (RunResult.Load(at, run.Identity), null);
            cause = failed ?? "The process of the run ended with exit code 0 and left no result; a part may have ended it.";
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            cause = failure.Message;
        }

        return (null, runs.Record(cause, run));
    }

    private int ThreadsOf(PlannedRun run) => plan.Experiments[run.Identity].Train.Threads;
}
