using System.CommandLine;
using Ctc.Cli.Native;
using Ctc.Cli.Processes;
using Ctc.Cli.Terminal;
using Ctc.Configuration.Schema;
using Ctc.Experiments.Data.Common;
using Ctc.Experiments.Files;
using Ctc.Hosting;

namespace Ctc.Cli.Commands.Init;

/// <summary><c>ctc init lines|drawn|speech PATH [--output FILE]</c>: writes a commented experiment for the data that are found.</summary>
internal static class InitCommand
{
    public static Command Build(CommandServices services) =>
        new("init", "Writes a commented experiment for the data that it finds.")
        {
            Kind(services, "lines", "A folder of text lines: images with texts, PAGE-XML, ALTO; or a manifest.", "lines.yaml", new LineRecipe()),
            Kind(services, "drawn", "A text to print with the installed fonts, or a folder with such texts.", "drawn.yaml", new DrawnRecipe()),
            Kind(services, "speech", "Recordings with texts: JSON Lines, or a data folder of Kaldi.", "speech.yaml", new SpeechRecipe()),
        };

    private static Command Kind(CommandServices services, string name, string what, string file, IRecipe recipe)
    {
        var path = new Argument<string>("PATH") { Description = what };
        var output = new Option<string>("--output")
        {
            Description = $"The file to write; by default {file} here.", HelpName = "FILE", DefaultValueFactory = _ => file,
        };
        var command = new Command(name, recipe.Summary) { path, output };
        command.SetAction(parsed =>
        {
            string target = StartFolder.Resolve(parsed.GetRequiredValue(output));
            if (Path.Exists(target)) throw new RunFolderException($"{target} exists; expected a new file, which --output names.");
            Libtorch.RequireWhenUsed();
            PartCatalog catalog = services.Parts();
            string folder = Path.GetDirectoryName(target)!;
            string text = recipe.Write(StartFolder.Resolve(parsed.GetRequiredValue(path)), folder, experiment => Survey(experiment, folder, catalog));
            _ = ExperimentFile.Parse(text, target, folder).Bind(catalog);
            WholeFile.Write(target, text);
            Output.WriteLine(text.TrimEnd());
            Output.WriteLine();
            Output.WriteLine($"Written to {StartFolder.Relative(target)}. Train with: ctc run {StartFolder.Relative(target)}");
            return ExitCode.Done;
        });
        return command;
    }

    private static LineSurvey Survey(string experiment, string folder, PartCatalog catalog) =>
        LineSurvey.From(ExperimentFile.Parse(experiment, "the first look", folder).Bind(catalog).Data.Create<IDataSource>().Load());
}
