using System.CommandLine;
using Ctc.Cli.Native;
using Ctc.Cli.Processes;
using Ctc.Cli.Terminal;
using Ctc.Configuration.Schema;
using Ctc.Experiments.Decoding;
using Ctc.Experiments.Runs;
using Ctc.Hosting;

namespace Ctc.Cli.Commands.Decode;

/// <summary>
/// <c>ctc decode RUN FILE... [plugins=[PATH]] [--trust] [--any-build]</c>, or <c>ctc decode --tokens FILE EMISSIONS...</c>, both with
/// <c>[--decoding FILE] [--nbest N] [--json]</c>.
/// </summary>
internal sealed class DecodeCommand
{
    private const string PlainCtc = "{}";

    private static readonly HashSet<string> ImageNames =
        new([".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif"], StringComparer.OrdinalIgnoreCase);

    private readonly Argument<string> run = new("RUN") { Description = "The folder of a run. With --tokens it is the first file of emissions." };

    private readonly Argument<string[]> files = new("FILE")
    {
        Description = "Inputs as the run's data source takes them; a folder stands for its images; plugins=[PATH] names further plugins.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<bool> trust = ModelOptions.CreateTrust(), anyBuild = ModelOptions.CreateAnyBuild();

    private readonly Option<string?> tokens = new("--tokens")
    {
        Description = "The tokens of another program: the inputs are .npy or .npz files of its output, [frames, tokens].", HelpName = "FILE",
    };

    private readonly Option<string?> blank = new("--blank")
    {
        Description = "The token of the blank, or its number; by default <blk> or <blank> and their like, else number 0.", HelpName = "TOKEN",
    };

    private readonly Option<bool> probabilities = new("--probabilities")
    {
        Description = "The numbers of emissions are probabilities, and not logits or log-probabilities.",
    };

    private readonly Option<string?> decoding = new("--decoding")
    {
        Description = "A YAML file with other parts that decode: decoder, language-model and, with --tokens, topology.", HelpName = "FILE",
    };

    private readonly Option<int?> nBest = new("--nbest")
    {
        Description = "Print up to N hypotheses of each input, with their scores.", HelpName = "N",
    };

    private readonly Option<bool> json = new("--json") { Description = "Print a JSON object a line." };

    private readonly CommandServices services;

    private DecodeCommand(CommandServices services) => this.services = services;

    public static Command Build(CommandServices services) => new DecodeCommand(services).Build();

    private Command Build()
    {
        const string description =
            "Reads new inputs with a trained run and its decoder, or emissions of another program: a line FILE, tab, text for each.";
        var command = new Command("decode", description)
        {
            run, files, trust, anyBuild, tokens, blank, probabilities, decoding, nBest, json,
        };
        nBest.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<int?>() is < 1) given.AddError($"--nbest is {given.Tokens[0].Value}; expected 1 or more.");
        });
        command.Validators.Add(given =>
        {
            bool isForeign = given.GetValue(tokens) is not null;
            if (!isForeign && given.GetValue(files) is null or []) given.AddError("expected at least one FILE after RUN.");
            if (!isForeign && (given.GetValue(blank) is not null || given.GetValue(probabilities)))
            {
                given.AddError("--blank and --probabilities describe emissions; expected --tokens with them.");
            }
        });
        command.SetAction(parsed =>
        {
            Libtorch.Require();
            torch.set_num_threads(1);
            return parsed.GetValue(tokens) is { } list ? DecodeEmissions(parsed, list) : DecodeInputs(parsed);
        });
        return command;
    }

    private int DecodeInputs(ParseResult parsed)
    {
        string[] given = parsed.GetValue(files)!;
        string[] inputs = [.. given.Where(file => !DecodePlugins.IsOverride(file)).SelectMany(Images)];
        var plugins = new DecodePlugins(parsed.GetRequiredValue(run), [.. given.Where(DecodePlugins.IsOverride)], parsed.GetValue(trust));
        using TrainedModel model = plugins.Load(services, parsed.GetValue(anyBuild), parsed.GetValue(decoding));
        return Write(parsed, inputs, file => [model.Read(StartFolder.Resolve(file)).WithName(file)]);
    }

    private int DecodeEmissions(ParseResult parsed, string list)
    {
        string[] given = [parsed.GetRequiredValue(run), .. parsed.GetValue(files) ?? []];
        PartCatalog parts = services.Parts(DecodePlugins.Named([.. given.Where(DecodePlugins.IsOverride)]));
        TokenList known = TokenList.Load(StartFolder.Resolve(list), parsed.GetValue(blank));
        ObjectiveConfiguration objective = parsed.GetValue(decoding) is { } choice
            ? DecodingFile.Load(choice, parts).Objective
            : ObjectiveConfiguration.Parse(PlainCtc, "plain CTC", StartFolder.Current, parts);
        using var decoder = new EmissionDecoder(objective.Create(), known);
        string[] inputs = [.. given.Where(file => !DecodePlugins.IsOverride(file))];
        return Write(parsed, inputs, file =>
        {
            string path = StartFolder.Resolve(file);
            IReadOnlyList<Emission> emissions = Emission.Load(path, known, parsed.GetValue(probabilities));
            return decoder.Decode(emissions).Select(read => read.WithName(file + read.Name[path.Length..]));
        });
    }

    // A folder of images is read in the order of their names. Any other folder is left to the data source.
    private static IReadOnlyList<string> Images(string path)
    {
        if (!Directory.Exists(path)) return [path];
        IEnumerable<string> found = Directory.EnumerateFiles(path).Where(file => ImageNames.Contains(Path.GetExtension(file)));
        string[] images = [.. found.Order(StringComparer.Ordinal)];
        return images.Length > 0 ? images : [path];
    }

    // An input that is not valid is named, and the others are read.
    private int Write(ParseResult parsed, IReadOnlyList<string> inputs, Func<string, IEnumerable<DecodedInput>> read)
    {
        var output = new DecodingOutput(parsed.GetValue(nBest), parsed.GetValue(json));
        int exitCode = ExitCode.Done;
        foreach (string input in inputs)
        {
            try
            {
                foreach (DecodedInput one in read(input)) output.Write(one);
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
