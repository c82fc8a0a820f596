using System.CommandLine;
using Ctc.Cli.Commands.Decode;
using Ctc.Cli.Processes;
using Ctc.Cli.Terminal;
using Ctc.Experiments.Runs;
using Ctc.Experiments.Texts;

namespace Ctc.Cli.Commands.Export;

/// <summary><c>ctc export RUN FILE [--trust] [--any-build]</c>.</summary>
internal static class ExportCommand
{
    private const string Extension = ".safetensors";

    public static Command Build(CommandServices services)
    {
        var arguments = new RunArguments();
        var output = new Argument<string>("FILE") { Description = $"The file to write; its name ends in {Extension}." };
        const string description = "Writes the weights of a trained run by name, in the format safetensors.";
        var command = new Command("export", description) { arguments.Run, output, arguments.Trust, arguments.AnyBuild };
        command.Validators.Add(result =>
        {
            if (result.GetValue(output) is not { } file || file.EndsWith(Extension, StringComparison.OrdinalIgnoreCase)) return;
            result.AddError($"the file to write is '{Printable.Line(file)}'; expected a name that ends in {Extension}.");
        });
        command.SetAction(parsed =>
        {
            string file = StartFolder.Resolve(parsed.GetRequiredValue(output));
            using TrainedModel model = arguments.Load(parsed, services);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            model.Export(file);
            Output.WriteLine($"{Printable.Line(StartFolder.Relative(file))}: the weights of run {model.Identity[..12]}");
            return ExitCode.Done;
        });
        return command;
    }
}
