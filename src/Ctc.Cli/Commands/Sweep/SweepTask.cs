using Ctc.Cli.Native;
using Ctc.Cli.Terminal;
using Ctc.Comparisons.Sweeps;
using Ctc.Experiments.Files;
using Ctc.Experiments.Runs;
using Ctc.Experiments.Training;

namespace Ctc.Cli.Commands.Sweep;

/// <summary>A run of a sweep as a task of a scheduler. It records its failure itself, because nothing waits for its end.</summary>
internal static class SweepTask
{
    // A file server gives up the lock of a machine that was lost after some time: NFS 4 after 90 s, unless it is configured otherwise.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>Executes the run to its end, or to its time limit.</summary>
    /// <param name="services">Provides the parts.</param>
    /// <param name="file">The file of the order.</param>
    /// <returns>The exit code: 0, or <see cref="JobArray.ContinueCode"/> at the time limit.</returns>
    public static int Execute(CommandServices services, string file)
    {
        using var interruption = new Interruption(heedsTimeLimit: true);
        RunOrder order = RunJson.Load<RunOrder>(file, "the order of a run");
        var log = new Log();
        try
        {
            Libtorch.Require();
            SweepRunCommand.Execute(services, order, log, Patience, interruption.Token);
            return ExitCode.Done;
        }
        catch (OperationCanceledException) when (interruption.IsAtTimeLimit && log.Epochs > 0)
        {
            Output.WriteLine("The time limit is near; the run goes on after its last finished epoch.");
            return JobArray.ContinueCode;
        }
        catch (OperationCanceledException) when (interruption.IsAtTimeLimit)
        {
            const string cause = "No epoch ended within the time limit; expected a limit that is longer than the start and an epoch together.";
            new RunFailure(cause).Write(order.Output);
            throw new TrainingException(cause);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            new RunFailure(Failure.Sentence(failure)).Write(order.Output);
            throw;
        }
    }

    // The output of the task: a line for each epoch.
    private sealed class Log : IProgressObserver
    {
        public int Epochs { get; private set; }

        public void Note(string line) => Output.WriteLine(line);

        public void StepTaken(StepProgress progress)
        {
        }

        public void EpochEnded(EpochMetrics epoch, bool isBest)
        {
            Epochs++;
            Output.WriteLine($"Epoch {epoch.Epoch} is saved.");
        }
    }
}
