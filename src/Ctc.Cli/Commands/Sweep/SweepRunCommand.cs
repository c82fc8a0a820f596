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

/// <summary>The process of one run of a sweep: reads its order from standard input, and ends when that is closed.</summary>
internal static class SweepRunCommand
{
    public const string Name = "sweep-run";

    // A run of a sweep that was just interrupted may still be ending.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static Command Build(CommandServices services)
    {
        var command = new Command(Name, "Runs one run of a sweep; called by ctc sweep.") { Hidden = true };
        command.SetAction(_ =>
        {
            Libtorch.Require();
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
            ExperimentFile file = ExperimentFile.Parse(order.Experiment, "the sweep's experiment", order.BaseFolder);
            Experiment experiment = file.Bind(services.Parts(file.Plugins));
            if (RunIdentity.Compute(experiment, Numerics.Version) != order.Identity)
            {
                throw new InvalidDataException(
                    "The data or a plugin changed while the sweep was running; expected no change. Start the sweep again.");
            }

            new ExperimentRun(experiment, order.BaseFolder).Execute(order.Output, fresh: false, new Messages(), interruption.Token, Patience);
            return ExitCode.Done;
        });
        return command;
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
