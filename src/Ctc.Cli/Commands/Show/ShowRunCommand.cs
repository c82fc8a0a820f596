using System.CommandLine;
using Ctc.Cli.Commands.Decode;
using Ctc.Cli.Native;
using Ctc.Cli.Processes;
using Ctc.Cli.Terminal;
using Ctc.Experiments.Pictures;
using Ctc.Experiments.Runs;
using Ctc.Experiments.Texts;
using Ctc.Hosting;

namespace Ctc.Cli.Commands.Show;

/// <summary>
/// <c>ctc show RUN [UTTERANCE...] [--set NAME] [--decoding FILE] [--nbest N] [--output DIR] [plugins=[PATH]] [--trust] [--any-build]</c>.
/// </summary>
internal static class ShowRunCommand
{
    public static Command Build(CommandServices services)
    {
        var run = new Argument<string>("RUN") { Description = "The folder of a run; one with the name of a subcommand as a path: ./data." };
        var utterances = new Argument<string[]>("UTTERANCE")
        {
            Description = "Ids of utterances of the set, or files as the run's data source takes them; by default the first utterance of the set.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var set = new Option<string>("--set")
        {
            Description = "A set of the run's data: train, dev or test; by default test.", DefaultValueFactory = _ => "test",
        };
        var decoding = new Option<string?>("--decoding")
        {
            Description = "A YAML file with other parts that decode: decoder and language-model.", HelpName = "FILE",
        };
        var nBest = new Option<int>("--nbest")
        {
            Description = "How many hypotheses of the decoder at most; by default 5.", HelpName = "N", DefaultValueFactory = _ => 5,
        };
        var output = new Option<string?>("--output") { Description = "A folder for a PNG of each utterance, in place of text.", HelpName = "DIR" };
        Option<bool> trust = ModelOptions.CreateTrust(), anyBuild = ModelOptions.CreateAnyBuild();
        const string description =
            "Shows what a run computes for an utterance: posteriors, the likeliest tokens, the best path of the target, hypotheses. "
            + "'ctc show data' shows what an experiment trains on.";
        var command = new Command("show", description) { run, utterances, set, decoding, nBest, output, trust, anyBuild };
        nBest.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<int>() < 1) given.AddError($"--nbest is {given.GetValueOrDefault<int>()}; expected 1 or more.");
        });
        command.Validators.Add(result =>
        {
            if (ModelOptions.RefuseSet(result.GetValue(set)) is { } refusal) result.AddError(refusal);
        });
        command.SetAction(parsed =>
        {
            Libtorch.Require();
            torch.set_num_threads(1);
            string? folder = parsed.GetValue(output) is { } given ? RunFolder.Resolve(given, StartFolder.Current) : null;
            string[] asked = parsed.GetValue(utterances) ?? [];
            var plugins = new DecodePlugins(
                parsed.GetRequiredValue(run), [.. asked.Where(DecodePlugins.IsOverride)], parsed.GetValue(trust));
            using TrainedModel model = plugins.Load(services, parsed.GetValue(anyBuild), parsed.GetValue(decoding));
            string[] ids = [.. asked.Where(id => !DecodePlugins.IsOverride(id))];
            Write([.. Draw(model, parsed.GetRequiredValue(set), ids, parsed.GetValue(nBest))], folder);
            return ExitCode.Done;
        });
        return command;
    }

    // An id comes before a file: those of a manifest are paths of images.
    private static IEnumerable<AlignmentDrawing> Draw(TrainedModel model, string name, string[] ids, int hypotheses)
    {
        IReadOnlyList<Utterance> set = model.LoadSet(name);
        if (ids.Length == 0) return set.Take(1).Select(first => model.Draw(first, hypotheses));
        ILookup<string, Utterance> byId = set.ToLookup(utterance => utterance.Id);
        return ids.Select(id =>
        {
            if (byId[id].FirstOrDefault() is { } utterance) return model.Draw(utterance, hypotheses);
            string file = StartFolder.Resolve(id);
            if (File.Exists(file)) return model.Draw(file, hypotheses);
            string hint = NearestName.Find(id, set.Select(one => one.Id)) is { } nearest
                ? $"did you mean '{nearest}'?"
                : $"expected an id, such as '{set.Select(one => one.Id).FirstOrDefault("none")}', or a file.";
            throw new InvalidDataException($"the set {name} has no utterance '{id}', and there is no such file; {hint}");
        });
    }

    private static void Write(AlignmentDrawing[] drawings, string? folder)
    {
        if (folder is not null) Directory.CreateDirectory(folder);
        for (int i = 0; i < drawings.Length; i++)
        {
            if (folder is null)
            {
                foreach (string line in AlignmentText.Draw(drawings[i])) Output.WriteLine(line);
                if (i < drawings.Length - 1) Output.WriteLine();
                continue;
            }

            string file = Path.Combine(folder, $"{i + 1}-{FileName.From(drawings[i].Utterance.Id)}.png");
            AlignmentPicture.Write(file, drawings[i]);
            Output.WriteLine(StartFolder.Relative(file));
        }
    }
}
