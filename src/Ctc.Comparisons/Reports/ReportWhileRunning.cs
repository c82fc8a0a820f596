using Ctc.Comparisons.Sweeps;
using Ctc.Experiments.Files;
using Ctc.Experiments.Runs;

namespace Ctc.Comparisons.Reports;

/// <summary>Writes the report of a sweep anew after each run that ends while others are left, beside the runs.</summary>
/// <remarks>A report that cannot be written is left out: the next one, or the one at the end of the sweep, takes its place.</remarks>
/// <param name="folder">The folder of the sweep.</param>
/// <param name="next">Receives everything too.</param>
public sealed class ReportWhileRunning(string folder, ISweepObserver next) : ISweepObserver, IDisposable
{
    private readonly Lock turn = new();
    private Task writing = Task.CompletedTask;
    private bool isStale, isWriting;

    /// <inheritdoc/>
    public void Note(string line) => next.Note(line);

    /// <inheritdoc/>
    public void Changed(IReadOnlyList<RunStatus> runs, RunStatus? changed)
    {
        next.Changed(runs, changed);
        bool hasEnded = changed is { State: RunState.Done or RunState.Failed, Ended: not null };
        if (!hasEnded || !runs.Any(run => run.IsWaiting || run.State == RunState.Running)) return;
        lock (turn)
        {
            isStale = true;
            if (isWriting) return; // it goes on with this one
            isWriting = true;
            writing = Task.Run(Write);
        }
    }

    /// <summary>Waits for a report that is being written.</summary>
    public void Dispose() => writing.Wait();

    private void Write()
    {
        while (true)
        {
            lock (turn)
            {
                isWriting = isStale;
                if (!isStale) return;
                isStale = false;
            }

            try
            {
                SweepReport.FromFolder(folder).Write();
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or RunFolderException)
            {
                // The report at the end tells why.
            }
        }
    }
}
