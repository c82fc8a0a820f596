using System.Text.Json.Nodes;
using Ctc.Comparisons.Sweeps;
using Ctc.Experiments.Files;
using Ctc.Experiments.Runs;
using Ctc.Experiments.Training;

namespace Ctc.Comparisons.Reports;

/// <summary>A run of a sweep, as far as it has come.</summary>
/// <param name="Planned">What it was to be.</param>
/// <param name="Folder">Where it lies, or will lie.</param>
/// <param name="Status">How far it has come.</param>
internal sealed record ComparedRun(PlannedRun Planned, string Folder, RunState Status)
{
    /// <summary>Gets why it failed; null where it did not.</summary>
    public string? Cause { get; init; }

    /// <summary>Gets its resolved configuration; null where it was not begun.</summary>
    public JsonObject? Experiment { get; init; }

    /// <summary>Gets its epochs; none where it was not begun.</summary>
    public IReadOnlyList<EpochMetrics> Epochs { get; init; } = [];

    /// <summary>Gets how it read the test set; null where it has no result.</summary>
    public TestResult? Test { get; init; }

    /// <summary>Gets how tables call it.</summary>
    public string Name => $"{Planned.Label}, seed {Planned.Seed}";

    /// <summary>Reads what is there of a run.</summary>
    /// <param name="planned">What it was to be.</param>
    /// <param name="sweep">The folder of the sweep.</param>
    /// <exception cref="RunFolderException">A file is damaged, or the folder holds another run.</exception>
    public static ComparedRun Load(PlannedRun planned, string sweep)
    {
        string folder = Path.GetFullPath(Path.Combine(sweep, planned.Folder));
        RunState state = RunFolder.StateOf(folder);
        string? cause = RunFailure.Load(folder)?.Cause;
        if (!RunFolder.IsAt(folder)) return new ComparedRun(planned, folder, cause is null ? RunState.Missing : RunState.Failed) { Cause = cause };

        RunRecord record = RunFolder.LoadRecord(folder);
        if (record.Identity != planned.Identity)
        {
            throw new RunFolderException(
                $"{folder} holds another run, {Short(record.Identity)}; expected {Short(planned.Identity)}, {planned.Label} with seed {planned.Seed}.");
        }

        bool done = state == RunState.Done;
        return new ComparedRun(planned, folder, state)
        {
            Cause = done ? null : cause,
            Experiment = record.Experiment,
            Epochs = EpochMetrics.LoadAll(RunFolder.MetricsIn(folder)),
            Test = done ? TestResult.FromMeasurement(Result(folder)) : null,
        };
    }

    private static Measurement Result(string folder)
    {
        Measurement test = RunResult.Load(folder).Test;
        if (test.Utterances.All(utterance => utterance is not null && utterance.Reference.All(symbol => symbol is not null))) return test;
        throw new RunFolderException($"{RunFolder.EvaluationIn(folder)}: an utterance or a symbol is null; expected the result of a run.");
    }

    private static string Short(string identity) => identity[..Math.Min(12, identity.Length)];
}
