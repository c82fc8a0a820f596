using System.Runtime.InteropServices;

namespace Ctc.Cli.Terminal;

/// <summary>Ctrl-C, SIGTERM, and for a scheduler SIGUSR1: the work stops at its next safe point. A second signal ends the process.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource source = new();
    private readonly PosixSignalRegistration[] signals;

    /// <param name="heedsTimeLimit">Whether SIGUSR1 interrupts too: it warns of the time limit of a scheduler.</param>
    public Interruption(bool heedsTimeLimit = false) => signals =
    [
        Listen(PosixSignal.SIGINT),
        Listen(PosixSignal.SIGTERM),
        .. heedsTimeLimit && !OperatingSystem.IsWindows() ? [Listen(User1)] : Array.Empty<PosixSignalRegistration>(),
    ];

    public CancellationToken Token => source.Token;

    /// <summary>Gets whether a time limit is near, and nothing else interrupted before.</summary>
    public bool IsAtTimeLimit { get; private set; }

    // It has no name of its own, but its number is accepted.
    private static PosixSignal User1 => (PosixSignal)(OperatingSystem.IsLinux() ? 10 : 30);

    /// <summary>The same as Ctrl-C.</summary>
    public void Ask() => source.Cancel();

    public void Dispose()
    {
        foreach (PosixSignalRegistration signal in signals) signal.Dispose();
        source.Dispose();
    }

    private PosixSignalRegistration Listen(PosixSignal signal) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = !source.IsCancellationRequested;
        IsAtTimeLimit = IsAtTimeLimit || (signal == User1 && context.Cancel);
        source.Cancel();
    });
}
