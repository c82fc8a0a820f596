using Ctc.Cli.Commands.Decode;
using Ctc.Cli.Processes;
using Ctc.Cli.Terminal;
using Ctc.Configuration.Schema;
using Ctc.Experiments.Runs;
using Ctc.Hosting;

namespace Ctc.Cli.Commands.Align;

/// <summary>Trains a run on the utterances that are to be aligned: <c>ctc align [CONFIG|RUN] --fit</c>.</summary>
/// <param name="services">Provides the parts.</param>
/// <param name="arguments">CONFIG or RUN, or none, and values <c>key=value</c>.</param>
internal sealed class FittedModel(CommandServices services, IReadOnlyList<string> arguments)
{
    /// <summary>Gets the file of an experiment or the folder of a run; null if there is none.</summary>
    public string? Start { get; } = arguments is [var first, ..] && !IsOverride(first) ? first : null;

    /// <summary>Gets why the arguments are refused; null if they are not.</summary>
    public string? Fault => Overrides.FirstOrDefault(argument => !IsOverride(argument)) is { } other
        ? $"there is an argument '{other}' beside {Start}; expected key=value."
        : null;

    /// <summary>Gets whether the arguments name data.</summary>
    public bool HasData => Start is not null || Overrides.Any(argument => argument.StartsWith("data", StringComparison.Ordinal));

    private IReadOnlyList<string> Overrides => Start is null ? arguments : [.. arguments.Skip(1)];

    /// <summary>Fits the model, or finds it if it was fitted before.</summary>
    /// <param name="manifest">The manifest of the utterances; null for a set.</param>
    /// <param name="set">The set of the experiment's data; null for a manifest.</param>
    /// <param name="threads">The threads.</param>
    /// <param name="trust">Whether plugins at the paths that a run names are loaded.</param>
    public TrainedModel Train(string? manifest, string? set, int threads, bool trust)
    {
        string? run = Start is not null && Directory.Exists(Start) ? StartFolder.Resolve(Start) : null;
        RunRecord? record = run is null ? null : RunFolder.LoadRecord(run);
        ExperimentFile start = record is not null ? AlignerFit.FromRun(run!, record)
            : Start is not null ? ExperimentFile.Open(Start, [])
            : AlignerFit.New;
        IReadOnlyList<string> recorded = record is null ? [] : DecodePlugins.Recorded(record, trust);
        PartCatalog parts = services.Parts([.. start.With(Overrides).Plugins, .. recorded]);
        ExperimentFile fitted = manifest is null ? start : AlignerFit.OnManifest(start, StartFolder.Resolve(manifest), parts);
        ExperimentFile whole = AlignerFit.To(fitted, set ?? "all").With([$"train.threads={threads}", .. Overrides]);
        (Experiment experiment, Dataset? data) = AlignerFit.Bind(whole, parts);

        string folder = Start is null || run is not null ? StartFolder.Current : Path.GetDirectoryName(StartFolder.Resolve(Start))!;
        using var interruption = new Interruption();
        RunResult result = new ExperimentRun(experiment, folder) { WorkingFolder = StartFolder.Current, ExampleEpochs = 0, Data = data }
            .Execute(output: null, fresh: false, new FitProgress(), interruption.Token);
        Console.Error.WriteLine($"ctc: {(result.AlreadyDone ? "fitted before" : "fitted")}: {StartFolder.Relative(result.Folder)}");
        return TrainedModel.Load(result.Folder, parts, note => Console.Error.WriteLine($"ctc: {note}"), with: ReadingParts.Alignment);
    }

    // A file may have an equals sign in its name.
    private static bool IsOverride(string argument) => argument.IndexOf('=', StringComparison.Ordinal) > 0 && !Path.Exists(argument);
}
