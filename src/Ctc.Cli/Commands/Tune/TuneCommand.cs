using System.CommandLine;
using System.Globalization;
using Ctc.Cli.Commands.Decode;
using Ctc.Cli.Native;
using Ctc.Cli.Processes;
using Ctc.Cli.Terminal;
using Ctc.Experiments.Decoding;
using Ctc.Experiments.Files;
using Ctc.Experiments.Runs;
using Ctc.Experiments.Texts;

namespace Ctc.Cli.Commands.Tune;

/// <summary><c>ctc tune RUN [plugins=[PATH]] --output FILE [--decoding FILE] [--set NAME] [--trust] [--any-build]</c>.</summary>
internal static class TuneCommand
{
    public static Command Build(CommandServices services)
    {
        Argument<string> run = ModelOptions.CreateRun();
        var plugins = new Argument<string[]>("plugins=[PATH]") { Description = "Further plugins.", Arity = ArgumentArity.ZeroOrMore };
        var output = new Option<string>("--output") { Description = "The file of decoding to write, for ctc decode --decoding.", Required = true };
        var decoding = new Option<string?>("--decoding")
        {
            Description = "A YAML file with the decoder prefix-beam and a language model, if they are not those of the run.", HelpName = "FILE",
        };
        var set = new Option<string>("--set") { Description = "The set of the run's data: dev, train or test.", DefaultValueFactory = _ => "dev" };
        Option<bool> trust = ModelOptions.CreateTrust(), anyBuild = ModelOptions.CreateAnyBuild();
        const string description =
            "Finds the weight of the language model and the insertion bonus with the fewest errors, and writes a file of decoding.";
        var command = new Command("tune", description) { run, plugins, output, decoding, set, trust, anyBuild };
        set.Validators.Add(given =>
        {
            if (ModelOptions.RefuseSet(given.GetValueOrDefault<string>()) is { } refusal) given.AddError(refusal);
        });
        output.Validators.Add(given =>
        {
            if (!string.IsNullOrWhiteSpace(given.GetValueOrDefault<string>())) return;
            given.AddError("the path of the output file is empty; expected a file to write.");
        });
        command.SetAction(parsed =>
        {
            Libtorch.Require();
            torch.set_num_threads(1);
            var found = new DecodePlugins(parsed.GetRequiredValue(run), parsed.GetValue(plugins) ?? [], parsed.GetValue(trust));
            using TrainedModel model = found.Load(services, parsed.GetValue(anyBuild), parsed.GetValue(decoding));
            string name = parsed.GetRequiredValue(set), file = StartFolder.Resolve(parsed.GetRequiredValue(output));
            var tuning = new DecodingTuning(model, model.LoadSet(name));
            WeightSearch best = WeightSearch.Find(tuning.Measure);
            string result = string.Create(
                CultureInfo.InvariantCulture,
                $"language-weight {best.Weight}, insertion-bonus {best.Bonus}: {(tuning.IsOfWords ? "word" : "token")} error rate " +
                $"{100 * best.Error:f2} % on {tuning.Count} utterances of {name}; without the language model {100 * best.ErrorWithout:f2} %");
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            WholeFile.Write(file, $"# {result}\n{tuning.ToYaml(best.Weight, best.Bonus)}");
            Output.WriteLine($"{Printable.Line(StartFolder.Relative(file))}: {result}");
            return ExitCode.Done;
        });
        return command;
    }
}
