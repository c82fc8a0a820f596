using System.Diagnostics;

namespace Ctc.Experiments.Processes;

/// <summary>A second process of this program. It ends when its standard input is closed, and so with this process at the latest.</summary>
/// <remarks>
/// Its input is its arguments and messages on its standard input; its output is messages on its standard output. See <see cref="MessageLine"/>.
/// </remarks>
public sealed class ChildProcess : IDisposable
{
    private readonly Process process;
    private readonly Task<string> error;

    /// <summary>Starts the process.</summary>
    /// <param name="command">The program, by its full path, and its arguments.</param>
    /// <param name="threads">The number of threads that libtorch may use there; 1 or more.</param>
    /// <exception cref="ArgumentException">The program is not a full path: the working directory would be searched for it.</exception>
    public ChildProcess(IReadOnlyList<string> command, int threads)
    {
        ArgumentNullException.ThrowIfNull(command);
        if (!Path.IsPathFullyQualified(command[0]))
        {
            throw new ArgumentException($"found the program '{command[0]}'; expected a full path", nameof(command));
        }

        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // Idle threads of libtorch must not spin: several processes share the cores.
        start.Environment["OMP_WAIT_POLICY"] = "passive";
        start.Environment["OMP_NUM_THREADS"] = start.Environment["MKL_NUM_THREADS"] = $"{threads}";
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0"; // if it crashes
        process = Process.Start(start) ?? throw new InvalidOperationException($"{command[0]} did not start.");
        error = process.StandardError.ReadToEndAsync(CancellationToken.None);
    }

    /// <summary>Gets whether it has ended.</summary>
    public bool HasEnded => process.HasExited;

    /// <summary>Sends a message to its standard input.</summary>
    /// <typeparam name="T">The kind of message.</typeparam>
    /// <param name="message">The message.</param>
    /// <returns>Completes also if the process has already ended; <see cref="EndAsync"/> returns the cause.</returns>
    public async Task SendAsync<T>(T message)
        where T : class
    {
        try
        {
            await process.StandardInput.WriteLineAsync(MessageLine.Format(message)).ConfigureAwait(false);
            await process.StandardInput.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // It has ended.
        }
    }

    /// <summary>Receives messages from its standard output. Other lines are ignored.</summary>
    /// <typeparam name="T">The kind of message.</typeparam>
    /// <param name="received">Called with each message; returns false after the last one that is expected.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <returns>True after the last expected message; false if the output was closed before.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<bool> ReceiveAsync<T>(Func<T, bool> received, CancellationToken cancellation)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(received);
        while (await process.StandardOutput.ReadLineAsync(cancellation).ConfigureAwait(false) is { } line)
        {
            if (MessageLine.Parse<T>(line) is { } message && !received(message)) return true;
        }

        return false;
    }

    /// <summary>Requests its end by closing its standard input.</summary>
    public void RequestEnd() => process.StandardInput.Close();

    /// <summary>Waits for its end.</summary>
    /// <param name="cancellation">Ends the waiting, not the process.</param>
    /// <returns>The exit code and the standard error.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<ProcessEnd> EndAsync(CancellationToken cancellation)
    {
        await process.WaitForExitAsync(cancellation).ConfigureAwait(false);
        return new ProcessEnd(process.ExitCode, process.ExitCode == 0 ? "" : await error.WaitAsync(cancellation).ConfigureAwait(false));
    }

    /// <summary>Waits for its end, which it has announced. To kill it takes longer: all processes are searched for its children.</summary>
    /// <param name="limit">The longest time to wait; a process that still runs then is killed by <see cref="Dispose"/>.</param>
    public void WaitForEnd(TimeSpan limit) => process.WaitForExit(limit);

    /// <summary>Kills the process if it still runs, and its own child processes.</summary>
    public void Dispose()
    {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        process.Dispose();
    }
}
