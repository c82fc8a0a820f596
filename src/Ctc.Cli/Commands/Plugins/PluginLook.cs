using Ctc.Configuration.Binding;
using Ctc.Experiments.Processes;
using Ctc.Hosting;

namespace Ctc.Cli.Commands.Plugins;

/// <summary>Parts as they are found by creating them, each with default options and in a child process with a time limit.</summary>
/// <remarks>A part that ends the process, or never returns, is reported; the look goes on with the next part in a new process.</remarks>
/// <param name="command">The program and the arguments that precede those of the look.</param>
/// <param name="limit">The time limit for one part.</param>
/// <param name="only">The name of the only parts to look at; null for all.</param>
internal sealed class PluginLook(IReadOnlyList<string> command, TimeSpan limit, string? only) : IDisposable
{
    // The start of the process.
    private static readonly TimeSpan Beginning = TimeSpan.FromSeconds(60), Grace = TimeSpan.FromSeconds(10);

    private ChildProcess? first;

    /// <summary>The parts that are looked at, in the same order in both processes.</summary>
    /// <param name="catalog">All parts.</param>
    /// <param name="only">The only name; null for all.</param>
    public static IEnumerable<PartFactory> Parts(PartCatalog catalog, string? only) => catalog.All.Where(part => IsAmong(part, only));

    /// <summary>Whether a part is looked at.</summary>
    /// <param name="part">Any part.</param>
    /// <param name="only">The only name; null for all.</param>
    public static bool IsAmong(PartFactory part, string? only) => only is null || part.Metadata.Name == only;

    /// <summary>Starts the process before the parts are known here.</summary>
    public void Start() => first = Begin(0);

    /// <summary>Looks at parts.</summary>
    /// <param name="catalog">All parts.</param>
    public IReadOnlyList<SeenPart> Run(PartCatalog catalog)
    {
        PartFactory[] parts = [.. Parts(catalog, only)];
        var seen = new List<SeenPart>();
        while (seen.Count < parts.Length)
        {
            if (Continue(parts, seen) is not { } cause) continue;
            seen.Add(new SeenPart(parts[seen.Count], [], cause));
        }

        return seen;
    }

    public void Dispose() => first?.Dispose();

    private ChildProcess Begin(int skipped)
    {
        string[] named = only is null ? [] : [PluginTrialOptions.Part, only];
        return new ChildProcess([.. command, PluginTrialOptions.Skip, $"{skipped}", .. named], threads: 1);
    }

    /// <summary>Runs one process, which starts at the first part that is not seen.</summary>
    /// <returns>Null if it finished; otherwise the reason why the next part was not seen.</returns>
    private string? Continue(PartFactory[] parts, List<SeenPart> seen)
    {
        using ChildProcess process = first ?? Begin(seen.Count);
        first = null;
        using var late = new CancellationTokenSource(Beginning + limit);
        try
        {
            bool ended = process.ReceiveAsync<LookMessage>(
                message =>
                {
                    late.CancelAfter(limit);
                    if (message.Options is not null) seen.Add(new SeenPart(parts[message.At], message.Options, message.Problem));
                    return !message.Ended;
                },
                late.Token).GetAwaiter().GetResult();
            if (ended && seen.Count == parts.Length)
            {
                process.WaitForEnd(Grace);
                return null;
            }
        }
        catch (OperationCanceledException)
        {
            return FormattableString.Invariant($"it could not be created within {limit.TotalSeconds} s");
        }

        try
        {
            using var grace = new CancellationTokenSource(Grace);
            return TrialProcess.Cause(process.EndAsync(grace.Token).GetAwaiter().GetResult());
        }
        catch (OperationCanceledException)
        {
            return "it closed the output of the process";
        }
    }
}

/// <summary>A part that was looked at.</summary>
/// <param name="Part">The part.</param>
/// <param name="Options">Its options.</param>
/// <param name="Problem">The reason why it cannot be created; null if it can.</param>
internal sealed record SeenPart(PartFactory Part, IReadOnlyList<OptionDescription> Options, string? Problem);
