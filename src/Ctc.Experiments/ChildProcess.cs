using System.Diagnostics;

namespace Ctc.Experiments;

/// <summary>A second process of this program. It ends when its standard input closes, and so with this one, whatever becomes of that.</summary>
/// <remarks>What it is to be told stands in its arguments or its standard input; what it has to say, on its standard output, line by line.</remarks>
public sealed class ChildProcess : IDisposable
{
    private readonly Process process;
    private readonly Task<string> error;

    /// <summary>Starts it.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="threads">How many threads libtorch may compute with there; 1 or more.</param>
    public ChildProcess(IReadOnlyList<string> command, int threads)
    {
        ArgumentNullException.ThrowIfNull(command);
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // libtorch's threads wait without spinning, so that processes beside each other do not fight for cores.
        start.Environment["OMP_WAIT_POLICY"] = "passive";
        start.Environment["OMP_NUM_THREADS"] = start.Environment["MKL_NUM_THREADS"] = $"{threads}";
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0"; // of one that crashes
        process = Process.Start(start) ?? throw new InvalidOperationException($"{command[0]} did not start.");
        error = process.StandardError.ReadToEndAsync(CancellationToken.None);
    }

    /// <summary>Writes a line to its standard input.</summary>
    /// <param name="line">Without line breaks.</param>
    /// <returns>Done also where it has ended already; <see cref="End"/> says why.</returns>
    public async Task Tell(string line)
    {
        try
        {
            await process.StandardInput.WriteLineAsync(line).ConfigureAwait(false);
            await process.StandardInput.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // It has ended.
        }
    }

    /// <summary>Reads its standard output.</summary>
    /// <param name="heard">Gets each line, whoever printed it; gives false where there is nothing more to wait for.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <returns>Whether it ended because no more was waited for; else the output was closed.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<bool> Listen(Func<string, bool> heard, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(heard);
        while (await process.StandardOutput.ReadLineAsync(cancellation).ConfigureAwait(false) is { } line)
        {
            if (!heard(line)) return true;
        }

        return false;
    }

    /// <summary>Asks it to end, by closing its standard input.</summary>
    public void AskToEnd() => process.StandardInput.Close();

    /// <summary>Waits for its end.</summary>
    /// <param name="cancellation">Ends the waiting, not the process.</param>
    /// <returns>What it left.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<ProcessEnd> End(CancellationToken cancellation)
    {
        await process.WaitForExitAsync(cancellation).ConfigureAwait(false);
        return new ProcessEnd(process.ExitCode, process.ExitCode == 0 ? "" : await error.WaitAsync(cancellation).ConfigureAwait(false));
    }

    /// <summary>Ends it by force if it still runs, and whatever it started.</summary>
    public void Dispose()
    {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        process.Dispose();
    }
}
