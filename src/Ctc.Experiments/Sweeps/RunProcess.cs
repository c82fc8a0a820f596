using System.Diagnostics;
using Ctc.Experiments.Runs;

namespace Ctc.Experiments.Sweeps;

/// <summary>The process of one run. It ends when its standard input closes, and so with the sweep, whatever becomes of that.</summary>
internal static class RunProcess
{
    // How long a run may take to find a safe point when it is asked to end.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);

    /// <summary>Runs it to its end.</summary>
    /// <param name="command">The program, and the arguments that make it read an order.</param>
    /// <param name="order">What to run.</param>
    /// <param name="threads">How many compute.</param>
    /// <param name="heard">Gets its progress.</param>
    /// <param name="cancellation">Asks it to end.</param>
    /// <returns>Null, or why it came to no result.</returns>
    /// <exception cref="OperationCanceledException">It was asked to end.</exception>
    public static async Task<string?> Execute(
        IReadOnlyList<string> command,
        RunOrder order,
        int threads,
        Action<RunMessage> heard,
        CancellationToken cancellation)
    {
        using Process process = Start(command, threads);
        try
        {
            Task<string> error = process.StandardError.ReadToEndAsync(CancellationToken.None);
            Task output = Listen(process.StandardOutput, heard);
            await Give(process, order).ConfigureAwait(false);
            await Wait(process, cancellation).ConfigureAwait(false);
            await output.ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
            return process.ExitCode == 0 ? null : Cause(process.ExitCode, await error.ConfigureAwait(false));
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    private static async Task Wait(Process process, CancellationToken cancellation)
    {
        try
        {
            await process.WaitForExitAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.StandardInput.Close();
            using var late = new CancellationTokenSource(Grace);
            await process.WaitForExitAsync(late.Token).ConfigureAwait(false);
        }
    }

    private static Process Start(IReadOnlyList<string> command, int threads)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // libtorch's threads wait without spinning, so that runs beside each other do not fight for cores.
        start.Environment["OMP_WAIT_POLICY"] = "passive";
        start.Environment["OMP_NUM_THREADS"] = start.Environment["MKL_NUM_THREADS"] = $"{threads}";
        return Process.Start(start) ?? throw new InvalidOperationException($"{command[0]} did not start.");
    }

    private static async Task Give(Process process, RunOrder order)
    {
        try
        {
            await process.StandardInput.WriteLineAsync(order.ToLine()).ConfigureAwait(false);
            await process.StandardInput.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // It has ended already; its exit code says why.
        }
    }

    private static async Task Listen(StreamReader output, Action<RunMessage> heard)
    {
        while (await output.ReadLineAsync(CancellationToken.None).ConfigureAwait(false) is { } line)
        {
            if (RunMessage.Read(line) is { } message) heard(message);
        }
    }

    private static string Cause(int code, string error)
    {
        const string own = "ctc: ";
        string[] lines = [.. error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line.StartsWith(own, StringComparison.Ordinal))];
        return lines.Length > 0 ? lines[^1][own.Length..]
            : code > 128 ? $"The process of the run was ended by signal {code - 128}."
            : $"The process of the run ended with exit code {code} and said nothing.";
    }
}
