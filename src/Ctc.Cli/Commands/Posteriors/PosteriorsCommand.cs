using System.CommandLine;
using Ctc.Cli.Commands.Decode;
using Ctc.Cli.Processes;
using Ctc.Cli.Terminal;
using Ctc.Experiments.Files;
using Ctc.Experiments.Runs;
using Ctc.Experiments.Texts;

namespace Ctc.Cli.Commands.Posteriors;

/// <summary><c>ctc posteriors RUN [MANIFEST] [--set NAME] --output FILE [--trust] [--any-build]</c>.</summary>
internal static class PosteriorsCommand
{
    public static Command Build(CommandServices services)
    {
        var arguments = new RunArguments();
        var manifest = new Argument<string?>("MANIFEST")
        {
            Description = "A manifest whose images are read, instead of a set; its texts are not needed.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var set = new Option<string?>("--set") { Description = "A set of the run's data: train, dev or test." };
        var output = new Option<string>("--output") { Description = "The file to write, in the format safetensors.", Required = true };
        const string description =
            "Writes the log-probabilities of a trained run, in each frame of each utterance, for distillation and for other tools.";
        var command = new Command("posteriors", description) { arguments.Run, manifest, set, output, arguments.Trust, arguments.AnyBuild };
        command.Validators.Add(result =>
        {
            string? name = result.GetValue(set);
            if (result.GetValue(manifest) is null == name is null) result.AddError("expected either MANIFEST or --set.");
            if (ModelOptions.RefuseSet(name) is { } refusal) result.AddError(refusal);
            if (!string.IsNullOrWhiteSpace(result.GetValue(output))) return;
            result.AddError("the path of the output file is empty; expected a file to write.");
        });
        command.SetAction(parsed =>
        {
            string file = StartFolder.Resolve(parsed.GetRequiredValue(output));
            using TrainedModel model = arguments.Load(parsed, services);
            Refusals refused = RefusedInputs.OnError();
            IReadOnlyList<Utterance> utterances = parsed.GetValue(manifest) is { } lines
                ? [.. model.LoadManifest(StartFolder.Resolve(lines), refused.Add)]
                : model.LoadSet(parsed.GetValue(set)!);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            PosteriorFile.Write(file, model, utterances);
            Output.WriteLine($"{Printable.Line(StartFolder.Relative(file))}: {utterances.Count} utterances");
            refused.Summarize(utterances.Count, "read");
            return refused.ExitCode;
        });
        return command;
    }
}
