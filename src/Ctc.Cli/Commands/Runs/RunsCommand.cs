using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Ctc.Cli.Processes;
using Ctc.Cli.Terminal;
using Ctc.Experiments.Runs;
using Ctc.Experiments.Texts;

namespace Ctc.Cli.Commands.Runs;

/// <summary><c>ctc runs [DIR...] [--json]</c>.</summary>
internal static class RunsCommand
{
    private static readonly string[] Places = ["runs", "sweeps"];

    public static Command Build()
    {
        var folders = new Argument<string[]>("DIR")
        {
            Description = "Folders that hold runs, at any depth; by default runs and sweeps here.", Arity = ArgumentArity.ZeroOrMore,
        };
        var json = new Option<bool>("--json") { Description = "Print one JSON array instead." };
        var command = new Command("runs", "Lists run folders: state, epochs, metric and size.") { folders, json };
        command.SetAction(parsed =>
        {
            RunOverview[] runs = [.. Folders(parsed.GetValue(folders) ?? []).SelectMany(RunOverview.FindAll)];
            if (parsed.GetValue(json)) WriteJson(Output.Writer, runs);
            else WriteText(Output.Writer, runs);
            return ExitCode.Done;
        });
        return command;
    }

    private static IEnumerable<string> Folders(string[] given)
    {
        IEnumerable<string> places = given.Length > 0 ? given : Places.Where(place => Directory.Exists(StartFolder.Resolve(place)));
        return places.Select(StartFolder.Resolve);
    }

    private static void WriteJson(TextWriter to, IEnumerable<RunOverview> runs) => to.WriteLine(JsonSerializer.Serialize(
        runs.Select(run => new
        {
            run.Folder,
            State = State(run),
            run.Epochs,
            Metric = run.Metric?.Name,
            Value = run.Metric is { Value: var value } && double.IsFinite(value) ? value : (double?)null,
            run.Bytes,
            run.Problem,
        }),
        CommandJson.Page));

    private static void WriteText(TextWriter to, RunOverview[] runs)
    {
        if (runs.Length == 0)
        {
            to.WriteLine("There are no runs.");
            return;
        }

        string[] names = [.. runs.Select(run => Printable.Line(StartFolder.Relative(run.Folder)))];
        int width = names.Max(TextCells.Count);
        foreach ((string name, RunOverview run) in names.Zip(runs))
        {
            string epochs = $"{run.Epochs,4} {(run.Epochs == 1 ? "epoch " : "epochs")}";
            string padded = name + new string(' ', width - TextCells.Count(name));
            to.WriteLine($"{padded}  {State(run),-10}  {epochs}  {Megabytes(run.Bytes),8} MB  {Result(run)}".TrimEnd());
        }

        to.WriteLine($"{runs.Length} {(runs.Length == 1 ? "run" : "runs")}, {Megabytes(runs.Sum(run => run.Bytes))} MB.");
    }

    private static string Megabytes(long bytes) => (bytes / 1e6).ToString("f1", CultureInfo.InvariantCulture);

    private static string State(RunOverview run) => run.Problem is null ? run.State.ToString().ToLowerInvariant() : "damaged";

    private static string Result(RunOverview run) =>
        run.Problem is { } problem ? Printable.Line(problem)
        : run.Metric is { } metric ? $"{metric.Name} {metric.Text}{(run.State == RunState.Done ? "" : " on dev")}"
        : "";
}
