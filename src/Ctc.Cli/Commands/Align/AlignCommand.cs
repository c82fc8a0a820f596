using System.CommandLine;
using System.CommandLine.Parsing;
using Ctc.Cli.Commands.Decode;
using Ctc.Cli.Native;
using Ctc.Cli.Processes;
using Ctc.Cli.Terminal;
using Ctc.Configuration.Schema;
using Ctc.Experiments.Alignments;
using Ctc.Experiments.Decoding;
using Ctc.Experiments.Pictures;
using Ctc.Experiments.Runs;
using Ctc.Experiments.Texts;
using Ctc.Hosting;

namespace Ctc.Cli.Commands.Align;

/// <summary>
/// <c>ctc align RUN (--set NAME | --manifest FILE) [--pictures DIR] [plugins=[PATH]] [--trust] [--any-build]</c>,
/// <c>ctc align [CONFIG|RUN] --fit (--set NAME | --manifest FILE) [key=value ...] [--trust]</c>, or
/// <c>ctc align --tokens FILE EMISSIONS... (--texts FILE | --text TEXT) [--topology PART] [--blank TOKEN] [--probabilities]</c>, all with
/// <c>[--edges KIND] [--frame-ms MS] [--format FORM] [--unit UNIT] [--output DIR] [--threads N] [--calibration FILE]</c>; of a run
/// <c>--calibrate FILE</c> in place of the output.
/// </summary>
internal sealed class AlignCommand
{
    private const double MillisecondsPerSecond = 1000;
    private const string OneText = "--text is the text of one utterance; expected --texts for several.";

    private readonly Argument<string?> run = new("RUN")
    {
        Description = "The folder of a run. With --tokens the first file of emissions; with --fit a run to start from, an experiment, or none.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Argument<string[]> further = new("FILE")
    {
        Description = "With --tokens further files of emissions, with --fit values key=value; plugins=[PATH] names further plugins.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string?> set = new("--set") { Description = "A set of the run's data: train, dev or test." };

    private readonly Option<string?> manifest = new("--manifest")
    {
        Description = "A manifest with inputs and texts, in place of a set.", HelpName = "FILE",
    };

    private readonly EmissionOptions emitted = new();

    private readonly Option<string?> texts = new("--texts")
    {
        Description = "The texts of emissions: in each line the name of a file without its ending, or of an array, and the text.", HelpName = "FILE",
    };

    private readonly Option<string?> text = new("--text") { Description = "The text of one file of emissions." };

    private readonly Option<string> topology = new("--topology")
    {
        Description = "The topology for emissions, as in an experiment: a name, or {name: {options}}; by default ctc.", HelpName = "PART",
        DefaultValueFactory = _ => "ctc",
    };

    private readonly Option<string?> pictures = new("--pictures")
    {
        Description = "A folder for a PNG of each utterance of a run: the input, the model's output, the alignment, the truth.", HelpName = "DIR",
    };

    private readonly Option<bool> fit = new("--fit")
    {
        Description = "Train on what is to be aligned first: a new aligner, the experiment CONFIG, or RUN from its weights.",
    };

    private readonly Option<bool> trust = ModelOptions.CreateTrust(), anyBuild = ModelOptions.CreateAnyBuild();

    private readonly Option<int> threads = new("--threads")
    {
        Description = "How many threads align; the output is the same. By default 1.", HelpName = "N", DefaultValueFactory = _ => 1,
    };

    private readonly AlignmentOptions form = new();
    private readonly CalibrationOptions calibration = new();
    private readonly CommandServices services;

    private AlignCommand(CommandServices services) => this.services = services;

    public static Command Build(CommandServices services) => new AlignCommand(services).Build();

    private Command Build()
    {
        const string description =
            "Aligns texts with the output of a trained run or of another program: when each token and word begins and ends, and how sure that is.";
        var command = new Command("align", description)
        {
            run, further, set, manifest, fit, emitted.Tokens, emitted.Blank, emitted.Probabilities, texts, text, topology, threads, pictures,
            trust, anyBuild,
        };
        form.AddTo(command);
        calibration.AddTo(command);
        threads.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<int>() < 1) given.AddError($"--threads is {given.GetValueOrDefault<int>()}; expected 1 or more.");
        });
        command.Validators.Add(given =>
        {
            emitted.Check(given);
            if (given.GetValue(emitted.Tokens) is not null) CheckEmissions(given);
            else CheckRun(given);
        });
        command.SetAction(parsed =>
        {
            Libtorch.Require();
            torch.set_num_threads(parsed.GetValue(threads));
            return parsed.GetValue(emitted.Tokens) is { } list ? AlignEmissions(parsed, list) : AlignRun(parsed);
        });
        return command;
    }

    private void CheckRun(CommandResult given)
    {
        if (given.GetValue(set) is null == given.GetValue(manifest) is null) given.AddError("expected either --set or --manifest.");
        if (ModelOptions.RefuseSet(given.GetValue(set)) is { } refusal) given.AddError(refusal);
        bool hasOthers = given.GetValue(texts) is not null || given.GetValue(text) is not null || given.GetResult(topology) is { Implicit: false };
        if (hasOthers) given.AddError("--texts, --text and --topology are of emissions; expected --tokens with them.");
        if (calibration.Fits(given)) form.RefuseWith(given, "--calibrate");
        if (given.GetValue(fit))
        {
            CheckFit(given);
            return;
        }

        if (given.GetValue(run) is null) given.AddError("expected RUN, or --fit or --tokens without it.");
        if (given.GetValue(further)!.FirstOrDefault(file => !DecodePlugins.IsOverride(file)) is { } file)
        {
            given.AddError($"there is an argument '{file}' beside RUN; expected --manifest FILE, or --tokens for emissions.");
        }
    }

    private void CheckFit(CommandResult given)
    {
        var fitted = new FittedModel(services, Arguments(given.GetValue(run), given.GetValue(further)));
        if (fitted.Fault is { } fault) given.AddError(fault);
        bool isNowhere = !fitted.HasData && given.GetValue(set) is not null;
        if (isNowhere) given.AddError("--set is a set of an experiment; expected CONFIG, RUN or data={...} with it, or --manifest.");
    }

    private void CheckEmissions(CommandResult given)
    {
        bool isOfRun = given.GetValue(set) is not null || given.GetValue(manifest) is not null;
        if (isOfRun) given.AddError("--set and --manifest name inputs of a run; expected no --tokens with them.");
        if (given.GetValue(pictures) is not null) given.AddError("--pictures shows the inputs of a run; expected no --tokens with it.");
        if (given.GetValue(fit)) given.AddError("--fit trains a model; expected no --tokens with it.");
        if (given.GetValue(run) is null) given.AddError("there are no emissions; expected one or more files with --tokens.");
        if (given.GetValue(texts) is null == given.GetValue(text) is null) given.AddError("expected either --texts or --text with --tokens.");
        form.CheckEmissions(given);
        calibration.CheckEmissions(given);
    }

    private int AlignRun(ParseResult parsed)
    {
        using TrainedModel model = Model(parsed);
        AlignmentOutput output = form.Open(parsed);
        IReadOnlyList<Utterance> utterances = parsed.GetValue(manifest) is { } file
            ? AlignedManifest.Load(model, StartFolder.Resolve(file), output.Refused.Add)
            : model.LoadSet(parsed.GetValue(set)!);
        EdgeKind edges = form.Edges(parsed) ?? model.Edges;
        AppliedCalibration? applied = calibration.Load(parsed, model.Identity, edges);
        IEnumerable<AlignedUtterance> aligned = model.Align(utterances, edges, form.FrameMilliseconds(parsed));
        if (parsed.GetValue(pictures) is { } folder) aligned = Drawn(model, utterances, aligned, StartFolder.Resolve(folder));
        if (!calibration.Fits(parsed)) return output.WriteAll(applied?.ApplyTo(aligned) ?? aligned, utterances.Count, model.HasTimes);
        calibration.Fit(parsed, model, parsed.GetValue(set) ?? parsed.GetValue(manifest)!, edges, aligned);
        return output.Refused.ExitCode;
    }

    // Draws each as it is aligned.
    private static IEnumerable<AlignedUtterance> Drawn(
        TrainedModel model, IReadOnlyList<Utterance> utterances, IEnumerable<AlignedUtterance> aligned, string folder)
    {
        Directory.CreateDirectory(folder);
        foreach ((int i, (Utterance utterance, AlignedUtterance alignment)) in utterances.Zip(aligned).Index())
        {
            string file = Path.Combine(folder, $"{i + 1}-{FileName.From(utterance.Id)}.png");
            if (utterance.Frames <= AlignmentPicture.MostFrames)
            {
                AlignmentPicture.Write(file, model.Draw(utterance, alignment));
            }
            else
            {
                Console.Error.WriteLine(
                    $"ctc: {Printable.Line(utterance.Id)} has no picture: it has {utterance.Frames} frames; expected at most "
                    + $"{AlignmentPicture.MostFrames}.");
            }

            yield return alignment;
        }
    }

    private TrainedModel Model(ParseResult parsed)
    {
        bool isTrusted = parsed.GetValue(trust);
        if (!parsed.GetValue(fit))
        {
            return new DecodePlugins(parsed.GetRequiredValue(run)!, parsed.GetValue(further)!, isTrusted)
                .Load(services, parsed.GetValue(anyBuild), with: ReadingParts.Alignment);
        }

        return new FittedModel(services, Arguments(parsed.GetValue(run), parsed.GetValue(further)))
            .Train(parsed.GetValue(manifest), parsed.GetValue(set), parsed.GetValue(threads), isTrusted);
    }

    private static string[] Arguments(string? first, string[]? further) => [.. first is null ? Array.Empty<string>() : [first], .. further ?? []];

    private int AlignEmissions(ParseResult parsed, string list)
    {
        string[] given = Arguments(parsed.GetValue(run), parsed.GetValue(further));
        string[] files = [.. given.Where(file => !DecodePlugins.IsOverride(file))];
        PartCatalog parts = services.Parts(DecodePlugins.Named([.. given.Where(DecodePlugins.IsOverride)]));
        TokenList tokens = emitted.Load(parsed, list);
        ObjectiveConfiguration objective =
            ObjectiveConfiguration.Parse($"topology: {parsed.GetValue(topology)}", "--topology", StartFolder.Current, parts);
        EdgeKind edges = form.Edges(parsed) ?? EdgeKind.Frames;
        AppliedCalibration? applied = calibration.Load(parsed, run: null, edges);
        using var aligner = new EmissionAligner(objective, tokens, edges, form.FrameMilliseconds(parsed) / MillisecondsPerSecond);
        AlignmentOutput output = form.Open(parsed);
        EmissionTexts? known = parsed.GetValue(texts) is { } listed ? EmissionTexts.Load(StartFolder.Resolve(listed)) : null;
        string[] one = (parsed.GetValue(text) ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        IEnumerable<AlignedUtterance> aligned = aligner.Align(Inputs(), output.Refused.Add);
        return output.WriteAll(applied?.ApplyTo(aligned) ?? aligned, files.Length, haveTimes: true);

        IEnumerable<(Emission Emission, IReadOnlyList<string> Words)> Inputs()
        {
            bool areProbabilities = parsed.GetValue(emitted.Probabilities), isFirst = true;
            foreach (string file in files)
            {
                foreach (Emission emission in output.Refused.Try(() => Emission.Load(StartFolder.Resolve(file), tokens, areProbabilities)))
                {
                    if (known is null && !isFirst) throw new InvalidDataException(OneText);
                    isFirst = false;
                    IReadOnlyList<IReadOnlyList<string>> found = known is null ? [one] : output.Refused.TryOne(() => known.Find(emission));
                    foreach (IReadOnlyList<string> words in found) yield return (emission, words);
                }
            }
        }
    }
}
