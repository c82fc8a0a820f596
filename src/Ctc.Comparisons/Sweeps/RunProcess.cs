using Ctc.Experiments;

namespace Ctc.Comparisons.Sweeps;

/// <summary>The process of one run.</summary>
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
        using var process = new ChildProcess(command, threads);
        Task output = process.Listen(Hear, CancellationToken.None);
        await process.Tell(order.ToLine()).ConfigureAwait(false);
        ProcessEnd end = await End(process, cancellation).ConfigureAwait(false);
        await output.ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        return end.Code == 0 ? null
            : end.Sentence ?? (end.Signal is { } signal
                ? $"The process of the run was ended by signal {signal}."
                : $"The process of the run ended with exit code {end.Code} and said nothing.");

        bool Hear(string line)
        {
            if (RunMessage.Read(line) is { } message) heard(message);
            return true;
        }
    }

    private static async Task<ProcessEnd> End(ChildProcess process, CancellationToken cancellation)
    {
        try
        {
            return await process.End(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.AskToEnd();
            using var late = new CancellationTokenSource(Grace);
            return await process.End(late.Token).ConfigureAwait(false);
        }
    }
}
