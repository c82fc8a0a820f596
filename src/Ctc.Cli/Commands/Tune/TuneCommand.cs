using System.CommandLine;
using System.Globalization;
using Ctc.Cli.Commands.Decode;
using Ctc.Cli.Native;
using Ctc.Cli.Processes;
using Ctc.Cli.Terminal;
using Ctc.Configuration.Schema;
using Ctc.Experiments.Decoding;
using Ctc.Experiments.Files;
using Ctc.Experiments.Runs;
using Ctc.Experiments.Texts;

namespace Ctc.Cli.Commands.Tune;

/// <summary>
/// <c>ctc tune RUN [plugins=[PATH]] --output FILE [--decoding FILE] [--set NAME] [--emissions] [--trust] [--any-build]</c>, or
/// <c>ctc tune --tokens FILE --texts FILE --decoding FILE --output FILE EMISSIONS... [--blank TOKEN] [--probabilities]</c>.
/// </summary>
internal sealed class TuneCommand
{
    private readonly Argument<string> run = new("RUN") { Description = "The folder of a run. With --tokens it is the first file of emissions." };

    private readonly Argument<string[]> further = new("plugins=[PATH]")
    {
        Description = "Further plugins; with --tokens further files of emissions too.", Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string> output = new("--output")
    {
        Description = "The file of decoding to write, for ctc decode --decoding.", Required = true,
    };

    private readonly Option<string?> decoding = new("--decoding")
    {
        Description = "A YAML file with the decoder, prefix-beam or transducer-beam, and a language model, if they are not those of the run.",
        HelpName = "FILE",
    };

    private readonly Option<string> set = new("--set")
    {
        Description = "The set of the run's data: dev, train or test.", DefaultValueFactory = _ => "dev",
    };

    private readonly Option<string?> texts = new("--texts")
    {
        Description = "The texts of the emissions: in each line the name of a file without its ending, or of an array, and the text.",
        HelpName = "FILE",
    };

    private readonly Option<bool> trust = ModelOptions.CreateTrust(), anyBuild = ModelOptions.CreateAnyBuild();
    private readonly Option<bool> transforms = ModelOptions.CreateEmissions();
    private readonly EmissionOptions emissions = new();
    private readonly CommandServices services;

    private TuneCommand(CommandServices services) => this.services = services;

    public static Command Build(CommandServices services) => new TuneCommand(services).Build();

    private Command Build()
    {
        const string description =
            "Finds the weight of the language model and the insertion bonus with the fewest errors, and writes a file of decoding.";
        var command = new Command("tune", description)
        {
            run, further, output, decoding, set, trust, anyBuild, transforms, emissions.Tokens, emissions.Blank, emissions.Probabilities, texts,
        };
        set.Validators.Add(given =>
        {
            if (ModelOptions.RefuseSet(given.GetValueOrDefault<string>()) is { } refusal) given.AddError(refusal);
        });
        output.Validators.Add(given =>
        {
            if (!string.IsNullOrWhiteSpace(given.GetValueOrDefault<string>())) return;
            given.AddError("the path of the output file is empty; expected a file to write.");
        });
        command.Validators.Add(given =>
        {
            bool isForeign = given.GetValue(emissions.Tokens) is not null;
            if (isForeign && given.GetResult(set) is { Implicit: false }) given.AddError("--set is of a run's data; expected --texts with --tokens.");
            if (isForeign && given.GetValue(transforms)) given.AddError(ModelOptions.EmissionsOfRun);
            if (isForeign && (given.GetValue(texts) is null || given.GetValue(decoding) is null))
            {
                given.AddError("--tokens describes emissions; expected --texts and --decoding with it.");
            }

            if (!isForeign && given.GetValue(texts) is not null) given.AddError("--texts has texts of emissions; expected --tokens with it.");
            emissions.Check(given);
        });
        command.SetAction(parsed =>
        {
            Libtorch.Require();
            torch.set_num_threads(1);
            return parsed.GetValue(emissions.Tokens) is { } list ? TuneEmissions(parsed, list) : TuneRun(parsed);
        });
        return command;
    }

    private int TuneRun(ParseResult parsed)
    {
        var found = new DecodePlugins(parsed.GetRequiredValue(run), parsed.GetValue(further) ?? [], parsed.GetValue(trust));
        using TrainedModel model = found.Load(services, parsed.GetValue(anyBuild), parsed.GetValue(decoding), ModelOptions.Parts(parsed, transforms));
        string name = parsed.GetRequiredValue(set);
        return Tune(parsed, new DecodingTuning(model, model.LoadSet(name)), name);
    }

    private int TuneEmissions(ParseResult parsed, string list)
    {
        string[] given = [parsed.GetRequiredValue(run), .. parsed.GetValue(further) ?? []];
        TokenList known = emissions.Load(parsed, list);
        ObjectiveConfiguration objective = DecodingFile
            .Load(parsed.GetValue(decoding)!, services.Parts(DecodePlugins.Named([.. given.Where(DecodePlugins.IsOverride)]))).Objective;
        using var reader = new EmissionDecoder(objective, known);
        string textFile = parsed.GetValue(texts)!;
        Emission[] outputs =
        [
            .. given.Where(file => !DecodePlugins.IsOverride(file))
                .SelectMany(file => Emission.Load(StartFolder.Resolve(file), known, parsed.GetValue(emissions.Probabilities))),
        ];
        return Tune(parsed, new DecodingTuning(objective, reader, outputs, EmissionTexts.Load(StartFolder.Resolve(textFile))), textFile);
    }

    private int Tune(ParseResult parsed, DecodingTuning tuning, string name)
    {
        string file = StartFolder.Resolve(parsed.GetRequiredValue(output));
        WeightSearch best = WeightSearch.Find(tuning.Measure);
        string result = string.Create(
            CultureInfo.InvariantCulture,
            $"language-weight {best.Weight}, insertion-bonus {best.Bonus}: {tuning.Unit} error rate {100 * best.Error:f2} % on {tuning.Count} "
            + $"utterances of {Printable.Line(name)}; without the language model {100 * best.ErrorWithout:f2} %");
        if (parsed.GetValue(transforms)) result += "; with --emissions";
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        WholeFile.Write(file, $"# {result}\n{tuning.ToYaml(best.Weight, best.Bonus)}");
        Output.WriteLine($"{Printable.Line(StartFolder.Relative(file))}: {result}");
        return ExitCode.Done;
    }
}
