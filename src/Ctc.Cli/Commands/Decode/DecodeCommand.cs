using System.CommandLine;
using Ctc.Cli.Native;
using Ctc.Cli.Processes;
using Ctc.Cli.Terminal;
using Ctc.Configuration.Schema;
using Ctc.Experiments.Decoding;
using Ctc.Experiments.Files;
using Ctc.Experiments.Runs;
using Ctc.Hosting;

namespace Ctc.Cli.Commands.Decode;

/// <summary>
/// <c>ctc decode RUN FILE... [--manifest FILE] [--emissions] [plugins=[PATH]] [--trust] [--any-build]</c>, or
/// <c>ctc decode --tokens FILE EMISSIONS... [--blank TOKEN] [--probabilities]</c>, both with
/// <c>[--decoding FILE] [--nbest N] [--json] [--ctm UNIT] [--frame-ms MS] [--timing]</c>.
/// </summary>
internal sealed class DecodeCommand
{
    private const string PlainCtc = "{}";

    private static readonly HashSet<string> InputNames = new(
        [".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".wav", ".flac", ".ogg", ".opus", ".mp3", ".m4a"], StringComparer.OrdinalIgnoreCase);

    private readonly Argument<string> run = new("RUN") { Description = "The folder of a run. With --tokens it is the first file of emissions." };

    private readonly Argument<string[]> files = new("FILE")
    {
        Description =
            "Inputs as the run's data source takes them; a folder stands for its images and recordings; plugins=[PATH] names further plugins.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<bool> trust = ModelOptions.CreateTrust(), anyBuild = ModelOptions.CreateAnyBuild();

    private readonly EmissionOptions emitted = new();

    private readonly Option<string?> decoding = new("--decoding")
    {
        Description = "A YAML file with other parts that decode: decoder, language-model and, with --tokens, topology.", HelpName = "FILE",
    };

    private readonly Option<int?> nBest = new("--nbest")
    {
        Description = "Print up to N hypotheses of each input, with their scores.", HelpName = "N",
    };

    private readonly Option<bool> json = new("--json") { Description = "Print a JSON object a line." };

    private readonly Option<string?> ctm = new("--ctm")
    {
        Description = "Print CTM, a line for each word or token with start and duration in seconds.", HelpName = "UNIT",
    };

    private readonly Option<double?> frameMilliseconds = new("--frame-ms")
    {
        Description = "The milliseconds from one frame of the model's output to the next; of a run on sound by default those of its data.",
        HelpName = "MS",
    };

    private readonly Option<bool> timing = new("--timing")
    {
        Description = "Print the speed on the standard error, as real-time factor too where frames have a duration.",
    };

    private readonly Option<bool> emissions = ModelOptions.CreateEmissions();

    private readonly Option<string?> manifest = new("--manifest")
    {
        Description = "Read the inputs that a manifest names, under its ids.", HelpName = "FILE",
    };

    private readonly CommandServices services;

    private DecodeCommand(CommandServices services) => this.services = services;

    public static Command Build(CommandServices services) => new DecodeCommand(services).Build();

    private Command Build()
    {
        const string description =
            "Reads new inputs with a trained run and its decoder, or emissions of another program: a line FILE, tab, text for each.";
        var command = new Command("decode", description)
        {
            run, files, trust, anyBuild, emitted.Tokens, emitted.Blank, emitted.Probabilities, decoding, nBest, json, ctm, frameMilliseconds, timing,
            manifest, emissions,
        };
        nBest.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<int?>() is < 1) given.AddError($"--nbest is {given.Tokens[0].Value}; expected 1 or more.");
        });
        frameMilliseconds.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<double?>() is not (> 0 and < double.PositiveInfinity))
            {
                given.AddError($"--frame-ms is {given.Tokens[0].Value}; expected a number of milliseconds above 0.");
            }
        });
        command.Validators.Add(given =>
        {
            if (given.GetValue(ctm) is not { } unit) return;
            if (unit is not ("word" or "token")) given.AddError($"--ctm is '{unit}'; expected word or token.");
            bool isTimed = given.GetValue(emitted.Tokens) is null || given.GetValue(frameMilliseconds) is not null;
            if (!isTimed) given.AddError("--ctm prints seconds; expected --frame-ms with it.");
            bool isOther = given.GetValue(json) || given.GetValue(nBest) is not null;
            if (isOther) given.AddError("--ctm prints one hypothesis; expected no --json or --nbest.");
        });
        command.Validators.Add(given =>
        {
            bool isForeign = given.GetValue(emitted.Tokens) is not null;
            bool isListed = given.GetValue(manifest) is not null;
            if (isForeign && isListed) given.AddError("--manifest names inputs of a run; expected no --tokens with it.");
            if (isForeign && given.GetValue(emissions)) given.AddError(ModelOptions.EmissionsOfRun);
            if (!isForeign && !isListed && given.GetValue(files) is null or []) given.AddError("expected at least one FILE after RUN.");
            emitted.Check(given);
        });
        command.SetAction(parsed =>
        {
            Libtorch.Require();
            torch.set_num_threads(1);
            return parsed.GetValue(emitted.Tokens) is { } list ? DecodeEmissions(parsed, list) : DecodeInputs(parsed);
        });
        return command;
    }

    private int DecodeInputs(ParseResult parsed)
    {
        string[] given = parsed.GetValue(files)!;
        string[] inputs = [.. given.Where(file => !DecodePlugins.IsOverride(file)).SelectMany(Inputs)];
        var plugins = new DecodePlugins(parsed.GetRequiredValue(run), [.. given.Where(DecodePlugins.IsOverride)], parsed.GetValue(trust));
        using TrainedModel model =
            plugins.Load(services, parsed.GetValue(anyBuild), parsed.GetValue(decoding), ModelOptions.Parts(parsed, emissions));
        if (parsed.GetValue(ctm) is not null && parsed.GetValue(frameMilliseconds) is null && !model.HasTimes)
        {
            throw new InvalidDataException("--ctm prints seconds, and frames of the run's data have no duration; expected --frame-ms with it.");
        }

        Refusals refused = RefusedInputs.OnError();
        string? list = parsed.GetValue(manifest);
        return Write(parsed, list is null ? inputs : [.. inputs, list], refused, file => ReferenceEquals(file, list)
            ? model.Read(model.LoadManifest(StartFolder.Resolve(list), refused.Add))
            : [model.Read(StartFolder.Resolve(file)).WithName(file)]);
    }

    private int DecodeEmissions(ParseResult parsed, string list)
    {
        string[] given = [parsed.GetRequiredValue(run), .. parsed.GetValue(files) ?? []];
        PartCatalog parts = services.Parts(DecodePlugins.Named([.. given.Where(DecodePlugins.IsOverride)]));
        TokenList known = emitted.Load(parsed, list);
        ObjectiveConfiguration objective = parsed.GetValue(decoding) is { } choice
            ? DecodingFile.Load(choice, parts).Objective
            : ObjectiveConfiguration.Parse(PlainCtc, "plain CTC", StartFolder.Current, parts);
        using var decoder = new EmissionDecoder(objective, known);
        string[] inputs = [.. given.Where(file => !DecodePlugins.IsOverride(file))];
        return Write(parsed, inputs, RefusedInputs.OnError(), file =>
        {
            string path = StartFolder.Resolve(file);
            IReadOnlyList<Emission> emissions = Emission.Load(path, known, parsed.GetValue(emitted.Probabilities));
            return decoder.Decode(emissions).Select(read => read.WithName(file + read.Name[path.Length..]));
        });
    }

    // A folder of images or recordings is read in the order of their names. Any other folder is left to the data source.
    private static IReadOnlyList<string> Inputs(string path)
    {
        if (!Directory.Exists(path)) return [path];
        IEnumerable<string> found = Directory.EnumerateFiles(path).Where(file => InputNames.Contains(Path.GetExtension(file)));
        string[] inputs = [.. found.Order(StringComparer.Ordinal)];
        return inputs.Length > 0 ? inputs : [path];
    }

    private int Write(ParseResult parsed, string[] inputs, Refusals refused, Func<string, IEnumerable<DecodedInput>> read)
    {
        IDecodingOutput output = parsed.GetValue(ctm) is { } unit
            ? new CtmOutput(parsed.GetValue(frameMilliseconds), unit == "token")
            : new DecodingOutput(parsed.GetValue(nBest), parsed.GetValue(json));
        DecodingProgress progress = DecodingProgress.OnError(inputs.Length);
        int done = 0;
        foreach (string input in inputs)
        {
            refused.Try(() =>
            {
                foreach (DecodedInput one in read(input))
                {
                    output.Write(one);
                    progress.Count(one.Frames, one.FrameMilliseconds);
                    done++;
                }
            });
            progress.EndInput();
        }

        refused.Summarize(done, "read");
        if (parsed.GetValue(timing)) Console.Error.WriteLine($"ctc: {progress.Summarize(parsed.GetValue(frameMilliseconds))}");
        return refused.ExitCode;
    }
}
