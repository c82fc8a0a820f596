using System.CommandLine;
using Ctc.Cli.Commands.Decode;
using Ctc.Cli.Native;
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
        Argument<string> run = ModelOptions.CreateRun();
        var output = new Argument<string>("FILE") { Description = $"The file to write; its name ends in {Extension}." };
        Option<bool> trust = ModelOptions.CreateTrust(), anyBuild = ModelOptions.CreateAnyBuild();
        const string description = "Writes the weights of a trained run by name, in the format safetensors.";
        var command = new Command("export", description) { run, output, trust, anyBuild };
        command.Validators.Add(result =>
        {
            if (result.GetValue(output) is not { } file || file.EndsWith(Extension, StringComparison.OrdinalIgnoreCase)) return;
            result.AddError($"the file to write is '{Printable.Line(file)}'; expected a name that ends in {Extension}.");
        });
        command.SetAction(parsed =>
        {
            Libtorch.Require();
            torch.set_num_threads(1);
            string file = StartFolder.Resolve(parsed.GetRequiredValue(output));
            using TrainedModel model =
                new DecodePlugins(parsed.GetRequiredValue(run), [], parsed.GetValue(trust)).Load(services, parsed.GetValue(anyBuild));
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            model.Export(file);
            Output.WriteLine($"{Printable.Line(StartFolder.Relative(file))}: the weights of run {model.Identity[..12]}");
            return ExitCode.Done;
        });
        return command;
    }
}
