using System.Diagnostics;
using Ctc.Engine.Hosting;
using Ctc.Testing.Conformance;

namespace Ctc.Cli.Checking;

/// <summary>Tries a plugin in a process of its own, so that a crash, an exit or a loop without end is a result like any other.</summary>
/// <param name="command">The program, and the arguments that make it read a trial's arguments.</param>
/// <param name="order">What to try.</param>
internal sealed class TrialProcess(IReadOnlyList<string> command, TrialOrder order)
{
    // Between the end of what a process says and its own.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private readonly List<PartReport> parts = [];
    private PluginFile? file;
    private CheckResult? loads;
    private string? check;

    /// <summary>Runs to the end of the last part, in as many processes as that takes.</summary>
    /// <exception cref="PluginException">The options are wrong, or the part is not there.</exception>
    public PluginReport Run()
    {
        while (true)
        {
            int before = parts.Count;
            if (Try(before) is not { } cause) break;
            if (parts.Count == before || check is null)
            {
                loads = new CheckResult(PluginConformance.Loads, Outcome.Failed, cause);
                break;
            }

            parts[^1].Results.Add(new CheckResult(check, Outcome.Failed, cause));
        }

        return new PluginReport(order.Dll, file, loads ?? new CheckResult(PluginConformance.Loads, Outcome.Failed, "nothing was said of it"), parts);
    }

    /// <summary>One process, from a part on.</summary>
    /// <returns>Null if it came to its end; else why not.</returns>
    private string? Try(int skipped)
    {
        check = null;
        using Process process = Start(skipped);
        try
        {
            Task<string> error = process.StandardError.ReadToEndAsync(CancellationToken.None);
            using var late = new CancellationTokenSource(order.Timeout);
            bool ended = Listen(process.StandardOutput, late).GetAwaiter().GetResult();
            if (ended) return null;
            if (late.IsCancellationRequested) return FormattableString.Invariant($"it did not end within {order.Timeout.TotalSeconds} s");
            bool gone = process.WaitForExit(Grace) && error.Wait(Grace);
            return gone ? Cause(process.ExitCode, error.Result) : "it closed its output in the midst of a check";
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    private Process Start(int skipped)
    {
        var start = new ProcessStartInfo(command[0], [.. command.Skip(1), .. order.Arguments(skipped)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["OMP_NUM_THREADS"] = start.Environment["MKL_NUM_THREADS"] = "1";
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        return Process.Start(start) ?? throw new InvalidOperationException($"{command[0]} did not start.");
    }

    private async Task<bool> Listen(StreamReader output, CancellationTokenSource late)
    {
        try
        {
            while (await output.ReadLineAsync(late.Token).ConfigureAwait(false) is { } line)
            {
                if (TrialMessage.Read(line) is not { } message) continue;
                if (message.Ended) return true;
                if (message.Part is not null) late.CancelAfter(order.Timeout);
                Hear(message);
            }
        }
        catch (OperationCanceledException)
        {
            // Too late.
        }

        return false;
    }

    private void Hear(TrialMessage message)
    {
        file ??= message.File;
        if (message.Part is { } part) parts.Add(new PartReport(message.Point!, part, []));
        if (message.Check is not null) check = message.Check;
        if (message.Result is not { } result) return;
        if (parts.Count == 0) loads ??= result;
        else parts[^1].Results.Add(result);
    }

    private static string Cause(int code, string error)
    {
        const string own = "ctc: ";
        string[] lines = error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (code == ExitCode.WrongInput && Array.FindLast(lines, line => line.StartsWith(own, StringComparison.Ordinal)) is { } refusal)
        {
            throw new PluginException(refusal[own.Length..]);
        }

        string said = lines.Length > 0 ? $": {lines[0]}" : "";
        return code > 128 ? $"it crashed the process, by signal {code - 128}{said}" : $"it ended the process, with exit code {code}{said}";
    }
}
