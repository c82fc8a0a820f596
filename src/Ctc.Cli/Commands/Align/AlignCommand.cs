using System.CommandLine;
using System.Text.Json;
using Ctc.Cli.Commands.Decode;
using Ctc.Cli.Terminal;
using Ctc.Experiments.Alignments;
using Ctc.Experiments.Files;
using Ctc.Experiments.Runs;

namespace Ctc.Cli.Commands.Align;

/// <summary><c>ctc align RUN --set NAME [--trust] [--any-build]</c>.</summary>
internal static class AlignCommand
{
    public static Command Build(CommandServices services)
    {
        var arguments = new RunArguments();
        var set = new Option<string>("--set") { Description = "A set of the run's data: train, dev or test.", Required = true };
        const string description = "Aligns the targets of a set with a trained run: a JSON object a line, with the frames of tokens and words.";
        var command = new Command("align", description) { arguments.Run, set, arguments.Trust, arguments.AnyBuild };
        command.Validators.Add(result =>
        {
            if (ModelOptions.RefuseSet(result.GetValue(set)) is { } refusal) result.AddError(refusal);
        });
        command.SetAction(parsed =>
        {
            using TrainedModel model = arguments.Load(parsed, services);
            foreach (AlignedUtterance aligned in model.Align(model.LoadSet(parsed.GetRequiredValue(set))))
            {
                Output.WriteLine(JsonSerializer.Serialize(aligned, RunJson.Line));
            }

            return ExitCode.Done;
        });
        return command;
    }
}
