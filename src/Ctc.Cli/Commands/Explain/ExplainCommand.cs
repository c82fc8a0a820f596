using System.CommandLine;
using Ctc.Cli.Native;
using Ctc.Cli.Terminal;
using Ctc.Experiments.Training;

namespace Ctc.Cli.Commands.Explain;

/// <summary><c>ctc explain CONFIG [key=value ...]</c>.</summary>
internal static class ExplainCommand
{
    public static Command Build()
    {
        var arguments = new ExperimentArguments();
        var command = new Command("explain", "Says what an experiment means: its formula, its parts and their files. Runs nothing.");
        arguments.AddTo(command);
        command.SetAction(parsed =>
        {
            Libtorch.Require(); // to know what device: auto means
            Console.Write(Explanation.Of(Devices.Resolve(arguments.Bind(parsed).Experiment)));
            return ExitCode.Done;
        });
        return command;
    }
}
