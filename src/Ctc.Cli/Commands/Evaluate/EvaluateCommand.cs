using System.CommandLine;
using System.Text.Json;
using Ctc.Cli.Commands.Decode;
using Ctc.Cli.Native;
using Ctc.Cli.Processes;
using Ctc.Cli.Terminal;
using Ctc.Configuration.Schema;
using Ctc.Experiments.Files;
using Ctc.Experiments.Runs;
using Ctc.Experiments.Training;

namespace Ctc.Cli.Commands.Evaluate;

/// <summary>
/// <c>ctc evaluate RUN [MANIFEST] [--set NAME] [--decoding FILE] [--emissions] [--worst N] [--json] [plugins=[PATH]] [--trust]
/// [--any-build]</c>.
/// </summary>
internal static class EvaluateCommand
{
    public static Command Build(CommandServices services)
    {
        Argument<string> run = ModelOptions.CreateRun();
        var manifest = new Argument<string[]>("MANIFEST")
        {
            Description = "A manifest with images and texts, in place of a set.", Arity = ArgumentArity.ZeroOrMore,
        };
        var set = new Option<string?>("--set") { Description = "A set of the run's data: train, dev or test." };
        var decoding = new Option<string?>("--decoding")
        {
            Description = "A YAML file with other parts that decode: decoder and language-model.", HelpName = "FILE",
        };
        var worst = new Option<int>("--worst")
        {
            Description = "How many of the lines with the most errors are printed; by default 5.", HelpName = "N", DefaultValueFactory = _ => 5,
        };
        var json = new Option<bool>("--json") { Description = "Print one JSON object: everything that evaluation.json of a run holds." };
        Option<bool> emissions = ModelOptions.CreateEmissions(), trust = ModelOptions.CreateTrust(), anyBuild = ModelOptions.CreateAnyBuild();
        const string description = "Measures a trained run on any texts: errors of tokens, characters and words, by kind and by group, "
            + "what was read as what, and the worst lines.";
        var command = new Command("evaluate", description) { run, manifest, set, decoding, emissions, worst, json, trust, anyBuild };
        worst.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<int>() < 0) given.AddError($"--worst is {given.GetValueOrDefault<int>()}; expected 0 or more.");
        });
        command.Validators.Add(result =>
        {
            int manifests = (result.GetValue(manifest) ?? []).Count(argument => !DecodePlugins.IsOverride(argument));
            if (manifests + (result.GetValue(set) is null ? 0 : 1) != 1) result.AddError("expected either one MANIFEST or --set.");
            if (ModelOptions.RefuseSet(result.GetValue(set)) is { } refusal) result.AddError(refusal);
        });
        command.SetAction(parsed =>
        {
            Libtorch.Require();
            torch.set_num_threads(1);
            ILookup<bool, string> given = parsed.GetValue(manifest)!.ToLookup(DecodePlugins.IsOverride);
            var plugins = new DecodePlugins(parsed.GetRequiredValue(run), [.. given[true]], parsed.GetValue(trust));
            ReadingParts with = ReadingParts.Metrics | ModelOptions.Parts(parsed, emissions);
            using TrainedModel model = plugins.Load(services, parsed.GetValue(anyBuild), parsed.GetValue(decoding), with);
            Refusals refused = RefusedInputs.OnError();
            Measurement measured = parsed.GetValue(set) is { } name
                ? ModelMeasurement.MeasureSet(model, name)
                : ModelMeasurement.MeasureManifest(model, StartFolder.Resolve(given[false].Single()), refused.Add);
            if (parsed.GetValue(json)) Output.WriteLine(JsonSerializer.Serialize(measured, RunJson.Page));
            else EvaluationText.Write(Output.Writer, measured, parsed.GetValue(worst), TextCells.OutputColumns);
            refused.Summarize(measured.Utterances.Count, "measured");
            return refused.ExitCode;
        });
        return command;
    }
}
