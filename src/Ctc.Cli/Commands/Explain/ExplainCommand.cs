using System.CommandLine;
using Ctc.Cli.Commands.Plugins;
using Ctc.Cli.Native;
using Ctc.Cli.Terminal;
using Ctc.Experiments.Training;

namespace Ctc.Cli.Commands.Explain;

/// <summary><c>ctc explain CONFIG [key=value ...]</c>, and <c>ctc explain --keys [--markdown]</c>.</summary>
internal static class ExplainCommand
{
    public static Command Build(CommandServices services)
    {
        var arguments = new ExperimentArguments(services) { IsOptional = true };
        var keys = new Option<bool>("--keys") { Description = "List all keys of experiments instead, with the options of the parts at hand." };
        var markdown = new Option<bool>("--markdown") { Description = "List the keys as a page in Markdown." };
        const string description = "Explains an experiment: its formula, its parts and their files. Runs nothing.";
        var command = new Command("explain", description) { keys, markdown };
        arguments.AddTo(command);
        command.Validators.Add(result =>
        {
            bool lists = result.GetValue(keys);
            string? fault = (lists, arguments.AreGiven(result), result.GetValue(markdown)) switch
            {
                (true, true, _) => "--keys takes no CONFIG; expected one of the two.",
                (false, false, _) => "Expected CONFIG, or --keys.",
                (false, _, true) => "--markdown is an option of --keys; expected both.",
                _ => null,
            };
            if (fault is not null) result.AddError(fault);
        });
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(keys))
            {
                var reference = new KeyReference(PluginsCommand.Look(services).Parts);
                if (parsed.GetValue(markdown)) reference.WritePage(Output.Writer);
                else reference.WriteText(Output.Writer);
                return ExitCode.Done;
            }

            Libtorch.Require(); // to resolve device: auto
            Output.Write(Explanation.Describe(Devices.Resolve(arguments.Bind(parsed).Experiment)));
            return ExitCode.Done;
        });
        return command;
    }
}
