using System.CommandLine;
using Ctc.Cli.Native;
using Ctc.Cli.Terminal;
using Ctc.Experiments.Training;

namespace Ctc.Cli.Commands.Explain;

/// <summary><c>ctc explain CONFIG [key=value ...]</c>.</summary>
internal static class ExplainCommand
{
    public static Command Build(CommandServices services)
    {
        var arguments = new ExperimentArguments(services);
        var command = new Command("explain", "Explains an experiment: its formula, its parts and their files. Runs nothing.");
        arguments.AddTo(command);
        command.SetAction(parsed =>
        {
            Libtorch.Require(); // to resolve device: auto
            Output.Write(Explanation.Describe(Devices.Resolve(arguments.Bind(parsed).Experiment)));
            return ExitCode.Done;
        });
        return command;
    }
}
