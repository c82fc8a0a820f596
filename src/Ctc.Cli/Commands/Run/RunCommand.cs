using System.CommandLine;
using Ctc.Cli.Native;
using Ctc.Cli.Processes;
using Ctc.Cli.Terminal;
using Ctc.Configuration.Schema;
using Ctc.Experiments.Runs;

namespace Ctc.Cli.Commands.Run;

/// <summary><c>ctc run CONFIG [key=value ...] [--output DIR] [--fresh] [--examples N]</c>.</summary>
internal static class RunCommand
{
    public static Command Build(CommandServices services)
    {
        var arguments = new ExperimentArguments(services);
        var output = new Option<string?>("--output") { Description = "The run's folder; by default runs/NAME/IDENTITY here.", HelpName = "DIR" };
        var fresh = new Option<bool>("--fresh") { Description = "Train again if the run exists already." };
        var examples = new Option<int?>("--examples")
        {
            Description = "Show what is read of two dev lines after every N epochs, and never if it is 0; by default about five times.",
            HelpName = "N",
        };
        examples.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<int?>() is { } every and < 0) given.AddError($"--examples is {every}; expected 0 or more.");
        });
        var command = new Command("run", "Trains and evaluates an experiment; resumes an interrupted run.") { output, fresh, examples };
        arguments.AddTo(command);
        command.SetAction(parsed =>
        {
            Libtorch.Require();
            (Experiment experiment, string folder) = arguments.Bind(parsed);
            var run = new ExperimentRun(experiment, folder) 
            {
                WorkingFolder = StartFolder.Current, ExampleEpochs = parsed.GetValue(examples),
            };
            using var interruption = new Interruption();
            RunResult result = RunDisplay.Show(
                experiment,
                observer => run.Execute(parsed.GetValue(output), parsed.GetValue(fresh), observer, interruption.Token));
            ResultText.Write(Output.Writer, result);
            return ExitCode.Done;
        });
        return command;
    }
}
