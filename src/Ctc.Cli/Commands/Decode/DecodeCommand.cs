using System.CommandLine;
using Ctc.Cli.Native;
using Ctc.Cli.Processes;
using Ctc.Cli.Terminal;
using Ctc.Experiments.Runs;
using Ctc.Experiments.Texts;

namespace Ctc.Cli.Commands.Decode;

/// <summary><c>ctc decode RUN FILE... [plugins=[PATH]] [--trust] [--any-build]</c>.</summary>
internal static class DecodeCommand
{
    private static readonly HashSet<string> ImageNames =
        new([".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif"], StringComparer.OrdinalIgnoreCase);

    public static Command Build(CommandServices services)
    {
        var run = new Argument<string>("RUN") { Description = "The folder of a run." };
        var files = new Argument<string[]>("FILE")
        {
            Description = "Inputs as the run's data source takes them; a folder stands for its images; plugins=[PATH] names further plugins.",
            Arity = ArgumentArity.OneOrMore,
        };
        var trust = new Option<bool>("--trust") { Description = "Load the plugins at the paths that RUN names too: code chosen by its author." };
        var anyBuild = new Option<bool>("--any-build") { Description = "Read with another build of a plugin than the one that trained the model." };
        const string description = "Reads new inputs with a trained run and its decoder: a line FILE, tab, text for each.";
        var command = new Command("decode", description) { run, files, trust, anyBuild };
        command.SetAction(parsed =>
        {
            Libtorch.Require();
            torch.set_num_threads(1);
            string[] given = parsed.GetRequiredValue(files);
            string[] inputs = [.. given.Where(file => !DecodePlugins.IsOverride(file)).SelectMany(Images)];
            var plugins = new DecodePlugins(parsed.GetRequiredValue(run), [.. given.Where(DecodePlugins.IsOverride)], parsed.GetValue(trust));
            using TrainedModel model = plugins.Load(services, parsed.GetValue(anyBuild));
            return Decode(model, inputs);
        });
        return command;
    }

    // A folder of images is read in the order of their names. Any other folder is left to the data source.
    private static IReadOnlyList<string> Images(string path)
    {
        if (!Directory.Exists(path)) return [path];
        IEnumerable<string> found = Directory.EnumerateFiles(path).Where(file => ImageNames.Contains(Path.GetExtension(file)));
        string[] images = [.. found.Order(StringComparer.Ordinal)];
        return images.Length > 0 ? images : [path];
    }

    private static int Decode(TrainedModel model, IReadOnlyList<string> files)
    {
        int exitCode = ExitCode.Done;
        foreach (string file in files)
        {
            try
            {
                Output.WriteLine($"{Printable.Line(file)}\t{Printable.Line(model.Decode(StartFolder.Resolve(file)))}");
            }
            catch (InvalidDataException error)
            {
                Console.Error.WriteLine($"ctc: {error.Message}");
                exitCode = ExitCode.WrongInput;
            }
        }

        return exitCode;
    }
}
