using System.CommandLine;
using System.Text.Json;
using Ctc.Cli.Commands.Decode;
using Ctc.Cli.Native;
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
        Argument<string> run = ModelOptions.CreateRun();
        var set = new Option<string>("--set") { Description = "A set of the run's data: train, dev or test.", Required = true };
        Option<bool> trust = ModelOptions.CreateTrust(), anyBuild = ModelOptions.CreateAnyBuild();
        const string description = "Aligns the targets of a set with a trained run: a JSON object a line, with the frames of tokens and words.";
        var command = new Command("align", description) { run, set, trust, anyBuild };
        command.Validators.Add(result =>
        {
            if (ModelOptions.RefuseSet(result.GetValue(set)) is { } refusal) result.AddError(refusal);
        });
        command.SetAction(parsed =>
        {
            Libtorch.Require();
            torch.set_num_threads(1);
            using TrainedModel model =
                new DecodePlugins(parsed.GetRequiredValue(run), [], parsed.GetValue(trust)).Load(services, parsed.GetValue(anyBuild));
            foreach (AlignedUtterance aligned in model.Align(model.LoadSet(parsed.GetRequiredValue(set))))
            {
                Output.WriteLine(JsonSerializer.Serialize(aligned, RunJson.Line));
            }

            return ExitCode.Done;
        });
        return command;
    }
}
