using System.CommandLine;
using Ctc.Cli.Processes;
using Ctc.Cli.Terminal;
using Ctc.Configuration.Schema;
using Ctc.Experiments.Pictures;
using Ctc.Experiments.Runs;
using Ctc.Experiments.Texts;
using Ctc.Experiments.Training;

namespace Ctc.Cli.Commands.Show;

/// <summary><c>ctc show data CONFIG [key=value ...] [--utterances N] [--epoch N] [--output DIR]</c>.</summary>
internal static class ShowDataCommand
{
    public static Command Build(CommandServices services)
    {
        var arguments = new ExperimentArguments(services);
        var count = new Option<int>("--utterances") { Description = "How many training utterances; by default 3.", DefaultValueFactory = _ => 3 };
        var epoch = new Option<int>("--epoch") { Description = "The epoch whose augmentation is drawn; by default 1.", DefaultValueFactory = _ => 1 };
        var output = new Option<string?>("--output") { Description = "A folder for a PNG of each utterance, in place of text.", HelpName = "DIR" };
        foreach (Option<int> number in new[] { count, epoch })
        {
            number.Validators.Add(given =>
            {
                if (given.GetValueOrDefault<int>() < 1) given.AddError($"{number.Name} is {given.GetValueOrDefault<int>()}; expected 1 or more.");
            });
        }

        const string description = "Draws training utterances as the network reads them: before and after the augmentations, in each view.";
        var command = new Command("data", description) { count, epoch, output };
        arguments.AddTo(command);
        command.SetAction(parsed =>
        {
            Experiment experiment = arguments.Bind(parsed).Experiment;
            string? folder = parsed.GetValue(output) is { } given ? RunFolder.Resolve(given, StartFolder.Current) : null;
            IReadOnlyList<TrainingViews> shown = TrainingViews.Draw(experiment, parsed.GetValue(count), parsed.GetValue(epoch));
            if (folder is null)
            {
                foreach (TrainingViews utterance in shown) WriteText(utterance);
            }
            else
            {
                WritePictures(Directory.CreateDirectory(folder).FullName, shown);
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static void WriteText(TrainingViews utterance)
    {
        Output.WriteLine(Title(utterance));
        foreach ((string heading, Features features) in Rows(utterance))
        {
            Output.WriteLine(heading);
            foreach (string line in FeatureText.Draw(features)) Output.WriteLine(line);
        }

        Output.WriteLine();
    }

    private static void WritePictures(string folder, IReadOnlyList<TrainingViews> shown)
    {
        for (int i = 0; i < shown.Count; i++)
        {
            string file = Path.Combine(folder, $"{i + 1}-{FileName.From(shown[i].Id)}.png");
            FeaturePicture.Write(file, Title(shown[i]), Rows(shown[i]));
            Output.WriteLine(StartFolder.Relative(file));
        }
    }

    private static string Title(TrainingViews utterance) => $"{Printable.Line(utterance.Id)}: {Printable.Line(utterance.Target)}";

    private static (string Heading, Features Features)[] Rows(TrainingViews utterance) =>
    [
        ($"as loaded, {utterance.Whole.Frames} frames", utterance.Whole),
        .. utterance.Views.Select((features, view) =>
            ($"as the network reads it{(utterance.Views.Count > 1 ? $", view {view + 1}" : "")}, {features.Frames} frames", features)),
    ];
}
