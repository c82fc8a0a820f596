using System.CommandLine;
using Ctc.Cli.Native;
using Ctc.Cli.Terminal;
using Ctc.Experiments.Runs;
using Ctc.Experiments.Texts;
using Ctc.Hosting;

namespace Ctc.Cli.Commands.Decode;

/// <summary><c>ctc decode RUN FILE...</c>.</summary>
internal static class DecodeCommand
{
    private static readonly HashSet<string> ImageNames =
        new([".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif"], StringComparer.OrdinalIgnoreCase);

    public static Command Build(CommandServices services)
    {
        var run = new Argument<string>("RUN") { Description = "The folder of a run." };
        var files = new Argument<string[]>("FILE")
        {
            Description = "Inputs as the run's data source takes them; a folder stands for its images.", Arity = ArgumentArity.OneOrMore,
        };
        var command = new Command("decode", "Reads new inputs with a trained run, by best path: a line FILE, tab, text for each.") { run, files };
        command.SetAction(parsed =>
        {
            Libtorch.Require();
            torch.set_num_threads(1);
            using TrainedModel model = TrainedModel.Load(parsed.GetRequiredValue(run), plugins => services.Parts(plugins));
            int exitCode = ExitCode.Done;
            foreach (string file in parsed.GetRequiredValue(files).SelectMany(Images))
            {
                try
                {
                    Output.WriteLine($"{Printable.Line(file)}\t{Printable.Line(model.Decode(file))}");
                }
                catch (InvalidDataException error)
                {
                    Console.Error.WriteLine($"ctc: {error.Message}");
                    exitCode = ExitCode.WrongInput;
                }
            }

            return exitCode;
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
}
