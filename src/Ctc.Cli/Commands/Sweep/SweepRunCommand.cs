using System.CommandLine;
using Ctc.Cli.Native;
using Ctc.Cli.Processes;
using Ctc.Cli.Terminal;
using Ctc.Comparisons.Sweeps;
using Ctc.Configuration.Identity;
using Ctc.Configuration.Schema;
using Ctc.Experiments.Processes;
using Ctc.Experiments.Runs;
using Ctc.Experiments.Training;
using Ctc.Hosting;

namespace Ctc.Cli.Commands.Sweep;

/// <summary>
/// The process of one run of a sweep. It reads its order from standard input and ends when that is closed; or, as a task of a scheduler, from a file.
/// </summary>
internal static class SweepRunCommand
{
    public const string Name = "sweep-run", OrderOption = "--order";

    // A run of a sweep that was just interrupted may still be ending.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static Command Build(CommandServices services)
    {
        var file = new Option<string?>(OrderOption) { Description = "The order, by default a line of standard input.", HelpName = "FILE" };
        var command = new Command(Name, "Runs one run of a sweep; called by ctc sweep and its jobs.") { file };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(file) is { } order) return SweepTask.Execute(services, order);
            Libtorch.Require();
            ExecuteAsChild(services);
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>Executes a run to its end.</summary>
    /// <param name="services">Provides the parts.</param>
    /// <param name="order">The run.</param>
    /// <param name="observer">Receives the progress.</param>
    /// <param name="patience">How long to wait for another process that holds the run's folder.</param>
    /// <param name="cancellation">Ends the run between two steps.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static void Execute(
        CommandServices services, RunOrder order, IProgressObserver observer, TimeSpan patience, CancellationToken cancellation)
    {
        ExperimentFile file = ExperimentFile.Parse(order.Experiment, "the sweep's experiment", order.BaseFolder);
        Experiment experiment = file.Bind(services.Parts(file.Plugins));
        if (RunIdentity.Compute(experiment, Numerics.Version) != order.Identity)
        {
            throw new InvalidDataException(
                "The data or a plugin changed while the sweep was running; expected no change. Start the sweep again.");
        }

        new ExperimentRun(experiment, order.BaseFolder).Execute(order.Output, fresh: false, observer, cancellation, patience);
    }

    private static void ExecuteAsChild(CommandServices services)
    {
        using var input = new StreamReader(Console.OpenStandardInput());
        RunOrder order = MessageLine.Parse<RunOrder>(input.ReadLine())
            ?? throw new InvalidDataException("standard input: the first line is no order; expected that of ctc sweep.");
        using var interruption = new Interruption();
        ParentProcess.WhenGone(input, () =>
        {
            interruption.Ask();
            Thread.Sleep(Patience / 2);
            Environment.Exit(ExitCode.WorkFailed);
        });
        Execute(services, order, new Messages(), Patience, interruption.Token);
    }

    private sealed class Messages : IProgressObserver
    {
        private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
        private DateTime told;

        public void Note(string line)
        {
        }

        public void StepTaken(StepProgress progress)
        {
            if (DateTime.UtcNow - told < Pause) return;
            told = DateTime.UtcNow;
            MessageLine.Write(Output.Writer, new RunMessage(progress));
        }

        public void EpochEnded(EpochMetrics epoch, bool isBest)
        {
        }
    }
}
