using Ctc.Experiments.Training;

namespace Ctc.Cli.Commands.Align;

/// <summary>Shows the progress of fitting on the standard error: messages, and on a terminal the epoch.</summary>
internal sealed class FitProgress : IProgressObserver
{
    private readonly bool isTerminal = !Console.IsErrorRedirected;

    /// <inheritdoc/>
    public void Note(string line) => Console.Error.WriteLine($"ctc: {line}");

    /// <inheritdoc/>
    public void StepTaken(StepProgress progress)
    {
        if (isTerminal && progress.Step == 1) Console.Error.Write($"\rfitting: epoch {progress.Epoch} of {progress.Epochs}\e[K");
    }

    /// <inheritdoc/>
    public void EpochEnded(EpochMetrics epoch, bool isBest)
    {
        if (isTerminal) Console.Error.Write("\r\e[K");
    }
}
