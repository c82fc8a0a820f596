using System.ComponentModel;
using Ctc.Experiments.Processes;

namespace Ctc.Comparisons.Sweeps;

/// <summary>
/// The processes of the runs of a sweep. That of the next run may be started before its turn: it loads libtorch meanwhile, and waits.
/// </summary>
/// <param name="command">The program, and the arguments with which it reads an order.</param>
internal sealed class RunProcesses(IReadOnlyList<string> command) : IDisposable
{
    private readonly Lock gate = new();
    private (ChildProcess Process, int Threads)? waiting;

    /// <summary>Starts the process of the next run, unless one waits already.</summary>
    /// <param name="threads">The number of threads for computing.</param>
    public void Prepare(int threads)
    {
        lock (gate)
        {
            if (waiting is not null) return;
            try
            {
                waiting = (new ChildProcess(command, threads), threads);
            }
            catch (Exception failure) when (failure is Win32Exception or InvalidOperationException or IOException)
            {
                // The run reports what hinders it, if it still does.
            }
        }
    }

    /// <summary>Returns a process that waits for its order: the one that was prepared, or a new one. The caller disposes it.</summary>
    /// <param name="threads">The number of threads for computing.</param>
    public ChildProcess Take(int threads)
    {
        ChildProcess? unfit = null;
        lock (gate)
        {
            if (waiting is { } prepared)
            {
                waiting = null;
                if (prepared.Threads == threads && !prepared.Process.HasEnded) return prepared.Process;
                unfit = prepared.Process;
            }
        }

        unfit?.Dispose();
        return new ChildProcess(command, threads);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate) waiting?.Process.Dispose();
    }
}
