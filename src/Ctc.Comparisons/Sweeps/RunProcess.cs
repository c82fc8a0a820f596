using Ctc.Experiments.Processes;

namespace Ctc.Comparisons.Sweeps;

/// <summary>The process of one run.</summary>
internal static class RunProcess
{
    // The time that a run may need to reach a safe point after a request to end.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);

    /// <summary>Executes the run to its end.</summary>
    /// <param name="process">Waits for its order.</param>
    /// <param name="order">The run.</param>
    /// <param name="received">Called with each message.</param>
    /// <param name="cancellation">Requests its end.</param>
    /// <returns>Null, or why there is no result.</returns>
    /// <exception cref="OperationCanceledException">Its end was requested.</exception>
    public static async Task<string?> ExecuteAsync(
        ChildProcess process, RunOrder order, Action<RunMessage> received, CancellationToken cancellation)
    {
        Task output = process.ReceiveAsync<RunMessage>(
            message =>
            {
                received(message);
                return true;
            },
            CancellationToken.None);
        await process.SendAsync(order).ConfigureAwait(false);
        ProcessEnd end = await EndAsync(process, cancellation).ConfigureAwait(false);
        await output.ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        return end.Code == 0 ? null
            : end.Sentence ?? (end.Signal is { } signal
                ? $"The process of the run was ended by signal {signal}."
                : $"The process of the run ended with exit code {end.Code}, without an error message.");
    }

    private static async Task<ProcessEnd> EndAsync(ChildProcess process, CancellationToken cancellation)
    {
        try
        {
            return await process.EndAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.RequestEnd();
            using var late = new CancellationTokenSource(Grace);
            return await process.EndAsync(late.Token).ConfigureAwait(false);
        }
    }
}
