using Ctc.Cli.Terminal;
using Ctc.Experiments.Processes;
using Ctc.Hosting;
using Ctc.Testing.Conformance;

namespace Ctc.Cli.Commands.Plugins;

/// <summary>Checks a plugin in a separate process, so that a crash, an exit or an endless loop is a result too.</summary>
/// <param name="command">The program and the arguments that precede those of the check.</param>
/// <param name="order">What to check.</param>
internal sealed class TrialProcess(IReadOnlyList<string> command, TrialOrder order)
{
    // The start of the process, with libtorch, is no time of a part.
    private static readonly TimeSpan Start = TimeSpan.FromSeconds(60);

    // From the end of the output to the end of the process.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private readonly List<PartReport> parts = [];
    private PluginFile? file;
    private CheckResult? loads;
    private string? check;

    /// <summary>Checks all parts, restarting the process after a part that ends it.</summary>
    /// <exception cref="PluginException">The options are wrong, or the part does not exist.</exception>
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

        return new PluginReport(order.Dll, file, loads ?? new CheckResult(PluginConformance.Loads, Outcome.Failed, "no result was reported"), parts);
    }

    /// <summary>Runs one process, starting at a part.</summary>
    /// <returns>Null if it finished; otherwise the reason why not.</returns>
    private string? Try(int skipped)
    {
        check = null;
        using var process = new ChildProcess([.. command, .. order.Arguments(skipped)], threads: 1);
        using var late = new CancellationTokenSource(Start + order.Timeout);
        try
        {
            if (process.ReceiveAsync<TrialMessage>(message => Hear(message, late), late.Token).GetAwaiter().GetResult()) return null;
        }
        catch (OperationCanceledException)
        {
            return FormattableString.Invariant($"it did not end within {order.Timeout.TotalSeconds} s");
        }

        try
        {
            using var grace = new CancellationTokenSource(Grace);
            return Cause(process.EndAsync(grace.Token).GetAwaiter().GetResult());
        }
        catch (OperationCanceledException)
        {
            return "it closed its output in the midst of a check";
        }
    }

    // False after the last message.
    private bool Hear(TrialMessage message, CancellationTokenSource late)
    {
        if (message.Part is not null) late.CancelAfter(order.Timeout);
        Hear(message);
        return !message.Ended;
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

    /// <summary>The reason for which a process that runs code of a plugin ended early.</summary>
    internal static string Cause(ProcessEnd end)
    {
        if (end is { Code: ExitCode.WrongInput, Sentence: { } refusal }) throw new PluginException(refusal);
        string said = end.FirstLine is { } first ? $": {first}" : "";
        return end.Signal is { } signal
            ? $"it crashed the process, by signal {signal}{said}"
            : $"it ended the process, with exit code {end.Code}{said}";
    }
}
